import { DAY_MILLIS } from './table-schema.ts'

/** A range of time, both ends inclusive. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const FIRST_DAYS = 2
const GROWTH = 4
/** Where looking into more days costs little. */
export const FAST_GROWTH = 8
/** For what is rare: after the first window all the rest at once, since most windows would find nothing. */
export const RARE_GROWTH = 1_000

/**
 * Cuts a range into windows to be read one after the other until enough was found: whole days, the first ones short, the
 * next ones longer. Reading newest-first without them touches every day that is stored. `firstMillis`: where enough will
 * most likely be found, a stretch that is looked through before the days are, if it is shorter than one.
 */
export function* windows(
  range: TimeRange,
  order: 'ascending' | 'descending',
  growth: number = GROWTH,
  firstMillis = Infinity,
): Generator<TimeRange> {
  const isShort = firstMillis < DAY_MILLIS && range.to - range.from >= firstMillis
  if (!isShort) return yield* wholeDays(range, order, growth)
  const { from, to } = range
  const [first, rest] =
    order === 'ascending'
      ? [
          { from, to: from + firstMillis - 1 },
          { from: from + firstMillis, to },
        ]
      : [
          { from: to - firstMillis + 1, to },
          { from, to: to - firstMillis },
        ]
  yield first
  yield* wholeDays(rest, order, growth)
}

function* wholeDays(range: TimeRange, order: 'ascending' | 'descending', growth: number): Generator<TimeRange> {
  const day = (time: number): number => Math.floor(time / DAY_MILLIS) * DAY_MILLIS
  let days = FIRST_DAYS
  if (order === 'ascending') {
    for (let from = range.from; from <= range.to; days *= growth) {
      const to = Math.min(range.to, day(from) + days * DAY_MILLIS - 1)
      yield { from, to }
      from = to + 1
    }
  } else {
    for (let to = range.to; to >= range.from; days *= growth) {
      const from = Math.max(range.from, day(to) - (days - 1) * DAY_MILLIS)
      yield { from, to }
      to = from - 1
    }
  }
}
