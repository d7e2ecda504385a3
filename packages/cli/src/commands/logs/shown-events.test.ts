import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TailedEvent } from '#cli/commands/logs/printed-event.ts'
import { ShownEvents } from '#cli/commands/logs/shown-events.ts'

const event = (message: string, changed: Partial<TailedEvent> = {}): TailedEvent => ({
  logStreamName: 's',
  timestamp: 1,
  ingestionTime: 2,
  message,
  ...changed,
})

/** What is shown of readings, one after the other. */
function shownOf(readings: readonly (readonly TailedEvent[])[]): readonly TailedEvent[] {
  const events = new ShownEvents()
  return readings.flatMap((reading) => {
    events.begin()
    return reading.filter((one) => events.isNew(one))
  })
}

test('readings that overlap show each event once, and those that are alike as often as they are there', () => {
  const [a, b, c] = [event('a'), event('b'), event('c')]
  expect(shownOf([[a, a, b], [a, b, a, b, c], [c]])).toEqual([a, a, b, b, c])
})

test.each<Partial<TailedEvent>>([{ logStreamName: 't' }, { timestamp: 2 }, { ingestionTime: 3 }, { message: 'b' }])(
  'an event that differs in %j is another one',
  (changed) => {
    expect(shownOf([[event('a')], [event('a', changed)]])).toHaveLength(2)
  },
)

test('what is shown of any readings is, for each event, the most that one reading had', () => {
  const reading = fc.array(fc.constantFrom('a', 'b', 'c').map((message) => event(message)))
  fc.assert(
    fc.property(fc.array(reading), (readings) => {
      const shown = shownOf(readings)
      for (const message of ['a', 'b', 'c']) {
        const countIn = (events: readonly TailedEvent[]): number =>
          events.filter((one) => one.message === message).length
        expect(countIn(shown)).toBe(Math.max(0, ...readings.map(countIn)))
      }
    }),
    { seed: 20_261_122 },
  )
})

test('no more than twenty thousand are remembered, the latest ones', () => {
  const events = new ShownEvents()
  events.begin()
  for (let index = 0; index <= 20_000; index += 1) events.isNew(event(String(index)))
  events.begin()
  expect([events.isNew(event('20000')), events.isNew(event('1')), events.isNew(event('0'))]).toEqual([
    false,
    false,
    true,
  ])
})
