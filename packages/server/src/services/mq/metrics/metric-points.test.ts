import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BrokerReading, DestinationReading } from '#engines/broker-engine.ts'
import { type Counted, metricPoints, wholeBrokerPoints } from '#services/mq/metrics/metric-points.ts'
import { ACCOUNT, NOW, REGION } from '#services/mq/testing/bench.ts'

const BROKER = { account: ACCOUNT, region: REGION, brokerName: 'MyBroker' }
const queue = (name: string, counters: Record<string, number> = {}): DestinationReading => ({
  kind: 'Queue',
  name,
  gauges: { QueueSize: 3, EnqueueTime: 1.5 },
  counters,
})
const points = (reading: Partial<BrokerReading>, before?: Counted, instance = 1) =>
  metricPoints(BROKER, instance, { gauges: {}, destinations: [], ...reading }, before, NOW)
const values = (...parameters: Parameters<typeof points>): object =>
  Object.fromEntries(points(...parameters).points.map(({ metricName, statistics }) => [metricName, statistics.sum]))

test('a gauge of the broker has its name with the number of the instance, and AWS’s unit', () => {
  expect(points({ gauges: { CpuUtilization: 12.5 } }, undefined, 2).points).toEqual([
    {
      account: ACCOUNT,
      region: REGION,
      namespace: 'AWS/AmazonMQ',
      metricName: 'CpuUtilization',
      dimensions: { Broker: 'MyBroker-2' },
      unit: 'Percent',
      timestamp: NOW,
      statistics: { sampleCount: 1, sum: 12.5, minimum: 12.5, maximum: 12.5 },
    },
  ])
})

test('a destination has a second dimension, by its kind', () => {
  const topic = { ...queue('T'), kind: 'Topic' } as const
  const found = points({ destinations: [queue('Q'), topic] }).points
  expect(new Set(found.map(({ dimensions }) => JSON.stringify(dimensions)))).toEqual(
    new Set(['{"Broker":"MyBroker-1","Queue":"Q"}', '{"Broker":"MyBroker-1","Topic":"T"}']),
  )
  expect(found.find(({ metricName }) => metricName === 'EnqueueTime')?.unit).toBe('Milliseconds')
})

test('counters are published as what came since the last reading, not after the first one', () => {
  const first = points({ destinations: [queue('Q', { EnqueueCount: 10 })] })
  expect(first.points.map(({ metricName }) => metricName)).toEqual(['QueueSize', 'EnqueueTime'])
  expect(values({ destinations: [queue('Q', { EnqueueCount: 14 })] }, first.counted)).toMatchObject({ EnqueueCount: 4 })
})

test('a queue that is new has counted from zero, and so has one of a broker that was started anew', () => {
  const { counted } = points({ destinations: [queue('Q', { EnqueueCount: 10 })] })
  expect(values({ destinations: [queue('NEW', { EnqueueCount: 3 })] }, counted)).toMatchObject({ EnqueueCount: 3 })
  expect(values({ destinations: [queue('Q', { EnqueueCount: 2 })] }, counted)).toMatchObject({ EnqueueCount: 2 })
})

test('of a broker with nodes each node is a dimension, and queues have their virtual host', () => {
  const node = (name: string, used: number): BrokerReading => ({
    node: name,
    whole: { QueueCount: 2 },
    gauges: { RabbitMQMemUsed: used },
    destinations: [{ ...queue('Q'), virtualHost: '/', gauges: { MessageCount: 4 } }],
  })
  const found = metricPoints(BROKER, 1, node('one@host', 10), undefined, NOW).points
  expect(found.map(({ metricName, dimensions, unit }) => [metricName, dimensions, unit])).toEqual([
    ['RabbitMQMemUsed', { Broker: 'MyBroker', Node: 'one@host' }, 'Bytes'],
    ['MessageCount', { Broker: 'MyBroker', VirtualHost: '/', Queue: 'Q' }, 'Count'],
  ])
  const whole = wholeBrokerPoints(BROKER, [node('one@host', 10), node('two@host', 30)], NOW)
  expect(whole.map(({ metricName, dimensions, statistics }) => [metricName, dimensions, statistics])).toEqual([
    ['QueueCount', { Broker: 'MyBroker' }, { sampleCount: 1, sum: 2, minimum: 2, maximum: 2 }],
    ['RabbitMQMemUsed', { Broker: 'MyBroker' }, { sampleCount: 2, sum: 40, minimum: 10, maximum: 30 }],
  ])
  expect(wholeBrokerPoints(BROKER, [{ gauges: { CpuUtilization: 1 }, destinations: [] }], NOW)).toEqual([])
})

test('a thousand destinations have metrics, the same ones each minute', () => {
  const names = Array.from({ length: 1_500 }, (_, index) => `Q${String(index).padStart(4, '0')}`)
  const of = (order: readonly string[]) =>
    new Set(
      points({ destinations: order.map((name) => queue(name)) }).points.map(({ dimensions }) => dimensions['Queue']),
    )
  expect(of(names)).toEqual(new Set(names.slice(0, 1_000)))
  expect(of(names.toReversed())).toEqual(of(names))
})

test('what is published over a life of a broker adds up to what it counted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 30 }), (steps) => {
      let count = 0
      let published = 0
      let { counted } = points({ destinations: [queue('Q', { EnqueueCount: 0 })] })
      for (const step of steps) {
        count += step
        const next = points({ destinations: [queue('Q', { EnqueueCount: count })] }, counted)
        published += next.points.find(({ metricName }) => metricName === 'EnqueueCount')?.statistics.sum ?? 0
        ;({ counted } = next)
      }
      expect(published).toBe(count)
    }),
    { seed: 4 },
  )
})
