import type { DeliveryStatus } from '#delivery/delivery.ts'

/** One delivery at work. */
export interface Runner {
  status(): DeliveryStatus
  /** Resolves when it has ended; a second call can only hasten it. */
  stop(options: { readonly drainMillis?: number }): Promise<void>
}
