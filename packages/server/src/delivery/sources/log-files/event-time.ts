import type { EpochMillis } from '#kernel/ids.ts'

/** How far ahead of the clock CloudWatch Logs takes an event: 2 hours. @source PutLogEvents */
const MOST_AHEAD_MILLIS = 2 * 60 * 60 * 1_000

/**
 * An event's time: its own, but never before the previous event's of the stream, because threads write slightly out of
 * order and PutLogEvents refuses disorder. A record without a time has the previous event's.
 *
 * A time more than two hours ahead of the clock cannot be true (the machine's clock was set back) and would be refused.
 * Such a line gets the clock's time, and such a previous time no longer counts, so that no line is lost for it.
 */
export function eventTime(own: EpochMillis | undefined, previous: EpochMillis, now: EpochMillis): EpochMillis {
  const latest = now + MOST_AHEAD_MILLIS
  const floor = previous > latest ? 0 : previous
  if (own === undefined) return floor === 0 ? now : floor
  return Math.max(floor, own > latest ? now : own)
}
