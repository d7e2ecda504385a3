import type { EpochMillis } from '#kernel/ids.ts'
import { logsErrors } from '#services/logs/errors.ts'
import {
  EVENT_OVERHEAD_BYTES,
  MAX_BATCH_BYTES,
  MAX_BATCH_SPAN_MILLIS,
  MAX_EVENT_AGE_MILLIS,
  MAX_EVENT_LEAD_MILLIS,
} from '#services/logs/limits.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'

/** Which events of a batch are not stored; only the members that apply are there. */
export interface Rejected {
  /** This event and all later ones are too far in the future. */
  readonly tooNewLogEventStartIndex?: number
  /** Events before this one are too old. */
  readonly tooOldLogEventEndIndex?: number
  /** Events before this one are older than the group's retention. */
  readonly expiredLogEventEndIndex?: number
}

export interface CheckedBatch {
  /** The events to store. */
  readonly accepted: LogEvents
  /** Their size as CloudWatch Logs counts it. */
  readonly bytes: number
  /** Left out: all events are stored. */
  readonly rejected?: Rejected
}

/**
 * Applies the rules of a batch: its size, its order, which events are in the window, and the span of those.
 * @param oldest events before it have expired by the group's retention
 * @throws AwsError InvalidParameterException; nothing of the batch may be stored then
 */
export function checkBatch(events: LogEvents, now: EpochMillis, oldest: EpochMillis): CheckedBatch {
  checkOrder(events)
  const bytes = checkSize(events)
  const tooOld = indexFrom(events, now - MAX_EVENT_AGE_MILLIS)
  const expired = indexFrom(events, oldest)
  const tooNew = indexFrom(events, now + MAX_EVENT_LEAD_MILLIS + 1)
  const first = Math.max(tooOld, expired)
  if (first === 0 && tooNew === events.length) {
    checkSpan(events)
    return { accepted: events, bytes }
  }
  const accepted = events.slice(first, tooNew)
  checkSpan(accepted)
  return {
    accepted,
    bytes: sizeOf(accepted),
    rejected: {
      ...(tooNew < events.length ? { tooNewLogEventStartIndex: tooNew } : {}),
      ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
      ...(expired > tooOld ? { expiredLogEventEndIndex: expired } : {}),
    },
  }
}

function checkOrder(events: LogEvents): void {
  let previous = -Infinity
  for (let index = 0; index < events.length; index++) {
    const timestamp = events.timestamp(index)
    if (timestamp < previous) throw logsErrors.notChronological()
    previous = timestamp
  }
}

function checkSpan(events: LogEvents): void {
  const { length } = events
  if (length > 0 && events.timestamp(length - 1) - events.timestamp(0) > MAX_BATCH_SPAN_MILLIS)
    throw logsErrors.spanTooLong()
}

function checkSize(events: LogEvents): number {
  const bytes = sizeOf(events)
  if (bytes <= MAX_BATCH_BYTES) return bytes
  for (let index = 0; index < events.length; index++) {
    const size = events.messageBytes(index)
    if (size > MAX_BATCH_BYTES) throw logsErrors.eventTooLarge(size, MAX_BATCH_BYTES)
  }
  throw logsErrors.batchTooLarge(bytes, MAX_BATCH_BYTES)
}

function sizeOf(events: LogEvents): number {
  let bytes = events.length * EVENT_OVERHEAD_BYTES
  for (let index = 0; index < events.length; index++) bytes += events.messageBytes(index)
  return bytes
}

/** The index of the first event at `instant` or later; the events are in order. */
function indexFrom(events: LogEvents, instant: EpochMillis): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events.timestamp(middle) < instant) low = middle + 1
    else high = middle
  }
  return low
}
