/** How deliveries pace themselves. Every value has a default in {@link DELIVERY_LIMITS}. */
export interface DeliveryLimits {
  /** How long a batch gathers lines after the first one was noticed. Part of every line's way, so keep it short. */
  readonly lingerMillis: number
  /** First pause after a failed attempt; it doubles from there. */
  readonly retryFirstMillis: number
  /** Longest pause while lines wait: a policy that was fixed takes effect within this time. */
  readonly retryMaxMillis: number
  /** Longest pause while nothing waits and only the destination is not ready yet. */
  readonly idleRetryMaxMillis: number
  /** Batches after a failure are this small until one succeeds, so that many waiting deliveries cost little. In bytes. */
  readonly probeBytes: number
  /** Batches that all deliveries together hold in memory at one time, each of at most the sink's batch size. */
  readonly batchesInMemory: number
  /** How often a source is looked at although the operating system reported no change. */
  readonly pollMillis: number
  /** The same where the operating system reports nothing (network file systems, watch limits, a missing directory). */
  readonly unwatchedPollMillis: number
  /** Bytes of a broker log that may wait on disk; beyond it the oldest file goes. */
  readonly sourceBytes: number
}

export const DELIVERY_LIMITS: DeliveryLimits = {
  lingerMillis: 50,
  retryFirstMillis: 100,
  retryMaxMillis: 2_000,
  idleRetryMaxMillis: 5_000,
  probeBytes: 65_536,
  batchesInMemory: 32,
  pollMillis: 5_000,
  unwatchedPollMillis: 200,
  sourceBytes: 1_073_741_824,
}

/** Statuses of stopped deliveries that are kept for whoever asks; the oldest go first. */
export const STOPPED_STATUSES_KEPT = 1_000
