import type { Decision } from '@sluice/policy'

/** What one attempt of a sink came to. A sink never retries and never counts; the pump does. */
export type Outcome =
  /** The destination has the batch, except for so many events that it refused for good (too old for it). */
  | { readonly kind: 'delivered'; readonly rejectedEvents: number }
  /** Not now; the same events are tried again. */
  | { readonly kind: 'retry'; readonly reason: string; readonly decision?: Decision }
  /** This batch will never be taken as it is; the pump finds the event that is to blame. */
  | { readonly kind: 'rejected'; readonly reason: string }

/** Whether a sink's destination can take events. */
export type Readiness = { readonly kind: 'ready' } | Extract<Outcome, { readonly kind: 'retry' }>

/** The counter of each outcome; a new outcome does not compile until it has one. */
export const ATTEMPTS_METRIC: Readonly<Record<Outcome['kind'], string>> = {
  delivered: 'delivery_batches_delivered_total',
  retry: 'delivery_attempts_retried_total',
  rejected: 'delivery_batches_rejected_total',
}
