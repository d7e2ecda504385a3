import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import type { DestinationReading } from '#engines/broker-engine.ts'
import { flowEvents } from '#services/mq/metrics/flow-events.ts'
import { type Counted, destinationKey } from '#services/mq/metrics/metric-points.ts'

const SPAN = { from: Date.UTC(2026, 10, 21, 10, 0), to: Date.UTC(2026, 10, 21, 10, 1) }
const queue = (name: string, enqueued: number, change: Partial<DestinationReading> = {}): DestinationReading => ({
  kind: 'Queue',
  name,
  gauges: { QueueSize: 2 },
  counters: { EnqueueCount: enqueued, DispatchCount: 1, DequeueCount: 1, ExpiredCount: 0 },
  messageBytes: { average: 120, greatest: 900 },
  ...change,
})
const counted = (...destinations: readonly DestinationReading[]): Counted =>
  new Map(destinations.map((each) => [destinationKey(each), each.counters]))
const events = (destinations: readonly DestinationReading[], before: Counted): readonly Record<string, unknown>[] =>
  flowEvents({ gauges: {}, destinations }, before, SPAN).map((line) => JSON.parse(line) as Record<string, unknown>)

test('a line says what went through since the last reading, its size, and how it stands', () => {
  expect(events([queue('orders', 5)], counted(queue('orders', 3)))).toEqual([
    {
      destination: 'queue://orders',
      enqueued: 2,
      dispatched: 0,
      dequeued: 0,
      expired: 0,
      waiting: 2,
      enqueuedSinceStart: 5,
      averageBytes: 120,
      greatestBytes: 900,
      from: '2026-11-21T10:00:00.000Z',
      to: '2026-11-21T10:01:00.000Z',
    },
  ])
})

test('destinations where nothing moved, and topics in which the broker tells of itself, have no line', () => {
  const advisory = queue('ActiveMQ.Advisory.Connection', 9, { kind: 'Topic' })
  const named = queue('ActiveMQ.Advisory.Mine', 9)
  const topic = queue('news', 4, { kind: 'Topic' })
  expect(
    events([queue('quiet', 3), advisory, named, topic], counted(queue('quiet', 3))).map((each) => each['destination']),
  ).toEqual(['queue://ActiveMQ.Advisory.Mine', 'topic://news'])
})

test('a destination that is new, or of a broker that was started anew, has counted from zero', () => {
  expect(events([queue('new', 4), queue('again', 1)], counted(queue('again', 50)))).toMatchObject([
    { destination: 'queue://again', enqueued: 1 },
    { destination: 'queue://new', enqueued: 4 },
  ])
})

test('every line is one line, whatever a destination is called', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.oneof(fc.constantFrom('\n', '\r', '\u001E'), anyCharacter), minLength: 1 }),
      (name) => {
        const [line = ''] = flowEvents({ gauges: {}, destinations: [queue(name, 1)] }, new Map(), SPAN)
        for (const end of ['\n', '\r', '\u001E']) expect(line.includes(end)).toBe(false)
        expect((JSON.parse(line) as { destination: string }).destination).toBe(`queue://${name}`)
      },
    ),
    { seed: 7, numRuns: 200 },
  )
})
