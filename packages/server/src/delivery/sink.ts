import type { Checkpoint } from '#kernel/call.ts'
import type { BatchLimits, DeliveryEvent } from '#delivery/batch.ts'
import type { Outcome, Readiness } from '#delivery/outcome.ts'

/** Where events go. Each method makes one attempt, never throws for what the destination says, and never counts. */
export interface Sink {
  /** Names the kind in metrics and logs, e.g. `logs`. */
  readonly kind: string
  /** What one attempt takes. */
  readonly batch: BatchLimits
  /** Must make the destination ready to take events, before the first one comes. */
  prepare(signal: AbortSignal): Promise<Readiness>
  /**
   * Must bring all events, or none and say why; must have ended all it began when it resolves. `checkpoint` goes to the
   * destination together with the events where it can keep one.
   */
  deliver(events: readonly DeliveryEvent[], checkpoint: Checkpoint, signal: AbortSignal): Promise<Outcome>
}
