import { expect, test } from 'vitest'
import { checkBatch } from './log-table.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const list = [
  { timestamp: 1, message: 'a' },
  { timestamp: 1, message: 'b' },
]
const events = listedEvents(list)

test('a batch in order is taken, also an empty one', () => {
  expect(() => checkBatch({ group: 0, stream: 0xffff_fffe, events })).not.toThrow()
  expect(() => checkBatch({ group: 0, stream: 0, events: listedEvents([]) })).not.toThrow()
})

test.each([
  {
    name: 'times that go back',
    batch: {
      group: 1,
      stream: 1,
      events: listedEvents(list.map((event, index) => ({ ...event, timestamp: 5 - index }))),
    },
  },
  { name: 'a negative time', batch: { group: 1, stream: 1, events: listedEvents([{ timestamp: -1, message: '' }]) } },
  {
    name: 'a time that is no whole number',
    batch: { group: 1, stream: 1, events: listedEvents([{ timestamp: 0.5, message: '' }]) },
  },
  { name: "the mark's group", batch: { group: 0xffff_ffff, stream: 1, events } },
  { name: 'a group that is no number', batch: { group: Number.NaN, stream: 1, events } },
  {
    name: 'too many events',
    batch: {
      group: 1,
      stream: 1,
      events: listedEvents(Array.from({ length: 10_001 }, () => ({ timestamp: 1, message: '' }))),
    },
  },
])('$name is refused', ({ batch }) => {
  expect(() => checkBatch(batch)).toThrow(RangeError)
})
