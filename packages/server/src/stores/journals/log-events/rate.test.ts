import { expect, test } from 'vitest'
import { eventsWithin, millisHolding } from './rate.ts'

const evenly = { events: 1_000, first: 1_000, last: 10_999 }

test('a tenth of the time holds a tenth of the events, and more than all of it all of them', () => {
  expect(eventsWithin(evenly, { from: 2_000, to: 2_999 })).toBe(100)
  expect(eventsWithin(evenly, { from: 0, to: 1_000_000 })).toBe(1_000)
})

test('so many events are in the time that holds them, and an empty group has no such time', () => {
  expect(millisHolding(evenly, 100)).toBe(1_000)
  expect(millisHolding({ ...evenly, events: 0 }, 100)).toBe(Infinity)
})
