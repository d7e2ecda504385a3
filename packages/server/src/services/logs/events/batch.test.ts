import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkBatch } from '#services/logs/events/batch.ts'
import { eventObjects, listedEvents } from '#stores/journals/listed-events.ts'

const NOW = Date.UTC(2026, 10, 21)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const FOR_EVER = -Infinity
const at = (...timestamps: readonly number[]) =>
  timestamps.map((timestamp, i) => ({ timestamp, message: `m${String(i)}` }))
const check = (events: ReturnType<typeof at>, now: number, oldest: number) => {
  const { accepted: stored, ...rest } = checkBatch(listedEvents(events), now, oldest)
  return { accepted: eventObjects(stored), ...rest }
}
const accepted = (...timestamps: readonly number[]) =>
  check(at(...timestamps), NOW, FOR_EVER).accepted.map(({ timestamp }) => timestamp)

test('a batch in the window is stored whole and nothing is reported', () => {
  const events = at(NOW - HOUR, NOW - HOUR, NOW)
  expect(check(events, NOW, FOR_EVER)).toEqual({ accepted: events, bytes: 3 * 28 })
})

test('the window is 14 days back and 2 hours ahead, both included', () => {
  expect(accepted(NOW - 14 * DAY)).toEqual([NOW - 14 * DAY])
  expect(accepted(NOW - 14 * DAY - 1)).toEqual([])
  expect(accepted(NOW + 2 * HOUR)).toEqual([NOW + 2 * HOUR])
  expect(accepted(NOW + 2 * HOUR + 1)).toEqual([])
})

test.each([
  { name: 'too old', times: [-15 * DAY, -15 * DAY, 0], oldest: FOR_EVER, want: { tooOldLogEventEndIndex: 2 } },
  { name: 'too new', times: [0, 3 * HOUR, 4 * HOUR], oldest: FOR_EVER, want: { tooNewLogEventStartIndex: 1 } },
  { name: 'expired', times: [-4 * DAY, 0], oldest: NOW - 3 * DAY, want: { expiredLogEventEndIndex: 1 } },
  {
    name: 'too old and expired',
    times: [-20 * DAY, -4 * DAY, 0],
    oldest: NOW - 3 * DAY,
    want: { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2 },
  },
  {
    name: 'too old, expired and too new',
    times: [-20 * DAY, -4 * DAY, 0, 3 * HOUR],
    oldest: NOW - 3 * DAY,
    want: { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 },
  },
  { name: 'all too old', times: [-20 * DAY, -20 * DAY], oldest: NOW - 3 * DAY, want: { tooOldLogEventEndIndex: 2 } },
  { name: 'all too new', times: [3 * HOUR], oldest: FOR_EVER, want: { tooNewLogEventStartIndex: 0 } },
])('events that are $name are reported by index, and only by the members that apply', ({ times, oldest, want }) => {
  expect(check(at(...times.map((time) => NOW + time)), NOW, oldest).rejected).toEqual(want)
})

test('an event exactly as old as the retention is stored', () => {
  expect(check(at(NOW - DAY), NOW, NOW - DAY).rejected).toBeUndefined()
  expect(check(at(NOW - DAY - 1), NOW, NOW - DAY).rejected).toEqual({ expiredLogEventEndIndex: 1 })
})

test('events out of order are refused, equal times are not', () => {
  expect(() => check(at(NOW, NOW - 1), NOW, FOR_EVER)).toThrow(
    'Log events in a single PutLogEvents request must be in chronological order.',
  )
  expect(accepted(NOW, NOW)).toHaveLength(2)
})

test('24 hours are the longest span, counted over the events in the window', () => {
  expect(accepted(NOW - DAY, NOW)).toHaveLength(2)
  expect(() => check(at(NOW - DAY - 1, NOW), NOW, FOR_EVER)).toThrow(
    'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  )
  expect(accepted(NOW - 15 * DAY, NOW - HOUR, NOW + HOUR, NOW + 3 * HOUR)).toEqual([NOW - HOUR, NOW + HOUR])
})

test('a batch may have 1,048,576 bytes, of UTF-8 and 26 for each event', () => {
  const message = 'é'.repeat((1_048_576 / 2 - 26) / 2)
  const events = [
    { timestamp: NOW, message },
    { timestamp: NOW, message },
  ]
  expect(check(events, NOW, FOR_EVER).bytes).toBe(1_048_576)
  expect(() => check([...events, { timestamp: NOW, message: 'x' }], NOW, FOR_EVER)).toThrow(
    'Upload too large: 1048603 bytes exceeds limit of 1048576',
  )
})

test('an event beyond the limit is named as such', () => {
  expect(() => check([{ timestamp: NOW, message: 'x'.repeat(1_048_577) }], NOW, FOR_EVER)).toThrow(
    'Log event too large: 1048577 bytes exceeds limit of 1048576',
  )
})

test('the parts that are reported and the part that is stored make up the batch, in order', () => {
  const times = fc.array(fc.integer({ min: -16 * DAY, max: 4 * HOUR }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(times, fc.option(fc.integer({ min: 1, max: 20 })), (offsets, days) => {
      const events = at(...offsets.toSorted((a, b) => a - b).map((offset) => NOW + offset))
      const oldest = days === null ? FOR_EVER : NOW - days * DAY
      const isIn = (time: number) => time >= NOW - 14 * DAY && time >= oldest && time <= NOW + 2 * HOUR
      const inWindow = events.filter(({ timestamp }) => isIn(timestamp))
      const span = (inWindow.at(-1)?.timestamp ?? 0) - (inWindow[0]?.timestamp ?? 0)
      if (span > DAY) {
        expect(() => check(events, NOW, oldest)).toThrow(/cannot span more than 24 hours/)
        return
      }
      const { accepted: stored, rejected } = check(events, NOW, oldest)
      expect(stored).toEqual(inWindow)
      const first = Math.max(rejected?.tooOldLogEventEndIndex ?? 0, rejected?.expiredLogEventEndIndex ?? 0)
      const end = Math.max(first, rejected?.tooNewLogEventStartIndex ?? events.length)
      expect(events.slice(first, end)).toEqual(inWindow)
    }),
  )
})
