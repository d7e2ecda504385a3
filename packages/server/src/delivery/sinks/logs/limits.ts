import type { BatchLimits } from '#delivery/batch.ts'

/** What every event of a batch costs beside its message. @source PutLogEvents: 26 bytes */
const EVENT_OVERHEAD_BYTES = 26
/** @source PutLogEvents: 1,048,576 bytes, overhead included */
const MAX_BATCH_BYTES = 1_048_576

/** One call of PutLogEvents. @source PutLogEvents: 10,000 events, 1,048,576 bytes, 24 hours; larger: InvalidParameterException */
export const LOGS_BATCH: BatchLimits = {
  events: 10_000,
  bytes: MAX_BATCH_BYTES,
  overheadBytes: EVENT_OVERHEAD_BYTES,
  eventBytes: MAX_BATCH_BYTES - EVENT_OVERHEAD_BYTES,
  spanMillis: 24 * 60 * 60 * 1_000,
}
