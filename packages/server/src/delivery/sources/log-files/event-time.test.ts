import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventTime } from '#delivery/sources/log-files/event-time.ts'

const NOW = 1_795_262_400_000
const HOUR = 60 * 60 * 1_000

test.each([
  { name: 'its own time', own: NOW - 5, previous: NOW - 9, want: NOW - 5 },
  { name: "the previous event's time when its own is before it", own: NOW - 9, previous: NOW - 5, want: NOW - 5 },
  { name: "the previous event's time when it has none", own: undefined, previous: NOW - 5, want: NOW - 5 },
  { name: "the clock's time when it is the first and has none", own: undefined, previous: 0, want: NOW },
  { name: 'its own time up to two hours ahead of the clock', own: NOW + 2 * HOUR, previous: NOW, want: NOW + 2 * HOUR },
  { name: "the clock's time when its own is further ahead", own: NOW + 2 * HOUR + 1, previous: NOW - 5, want: NOW },
  {
    name: 'its own time when the clock was set back behind the previous one',
    own: NOW + 1,
    previous: NOW + 3 * HOUR,
    want: NOW + 1,
  },
])('an event has $name', ({ own, previous, want }) => {
  expect(eventTime(own, previous, NOW)).toBe(want)
})

test('times never go back within what PutLogEvents takes, and never beyond it', () => {
  const time = fc.integer({ min: NOW - 30 * 24 * HOUR, max: NOW + 30 * 24 * HOUR })
  fc.assert(
    fc.property(fc.array(fc.option(time, { nil: undefined }), { maxLength: 50 }), (owns) => {
      let previous = 0
      for (const own of owns) {
        const stamped = eventTime(own, previous, NOW)
        expect(stamped).toBeGreaterThanOrEqual(previous)
        expect(stamped).toBeLessThanOrEqual(NOW + 2 * HOUR)
        previous = stamped
      }
    }),
  )
})
