import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { BrokerReading } from '#engines/broker-engine.ts'
import { MetricCollector } from '#services/mq/metrics/collector.ts'
import { type Bench, NOW, create, openBench, run } from '#services/mq/testing/bench.ts'
import { fakeEngine } from '#services/mq/testing/fake-engine.ts'
import { instanceKey } from '#services/mq/testing/world.ts'
import { type MemoryMetricSink, memoryMetricSink } from '../../../../../testkit/src/memory-metric-sink.ts'

const MINUTE = 60_000
let bench: Bench
let sink: MemoryMetricSink
let brokerId: string
let now: number
let collector: MetricCollector
const broken = new Set<string>()

beforeEach(async () => {
  broken.clear()
  bench = openBench()
  sink = memoryMetricSink()
  const life = bench.live()
  await life.reconciler.start()
  brokerId = await create(life, bench.contextOf(), { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ' })
  await bench.untilState(brokerId, 'RUNNING')
  now = NOW
  const engine = fakeEngine(bench.world)
  collector = new MetricCollector({
    store: bench.store,
    engineOf: () => ({
      ...engine,
      readMetrics: async (id, instance) => {
        if (broken.has(id)) throw new Error('the broker answered 500 instead of its metrics')
        return engine.readMetrics(id, instance)
      },
    }),
    clock: { now: () => now },
    telemetry: silentTelemetry,
    sink,
  })
})
afterEach(() => bench.close())

const says = (enqueued: number, instance = 1): void => {
  const reading: BrokerReading = {
    gauges: { TotalMessageCount: enqueued },
    destinations: [{ kind: 'Queue', name: 'Q', gauges: { QueueSize: 1 }, counters: { EnqueueCount: enqueued } }],
  }
  bench.world.readings.set(instanceKey(brokerId, instance), reading)
}
const published = (metric: string): readonly (readonly [string | undefined, number, number])[] =>
  sink.points
    .filter(({ metricName }) => metricName === metric)
    .map(({ dimensions, timestamp, statistics }) => [dimensions['Broker'], timestamp, statistics.sum])

test('each minute is published once, under the instance that serves; a standby has nothing to say', async () => {
  says(5)
  await collector.collect()
  now += MINUTE
  says(9)
  await collector.collect()
  const first = Math.floor(NOW / MINUTE) * MINUTE
  expect(published('TotalMessageCount')).toEqual([
    ['MyBroker-1', first, 5],
    ['MyBroker-1', first + MINUTE, 9],
  ])
  expect(published('EnqueueCount')).toEqual([['MyBroker-1', first + MINUTE, 4]])
})

test('after a failover the other instance counts from its own first reading', async () => {
  says(5)
  await collector.collect()
  bench.world.readings.clear()
  says(100, 2)
  await collector.collect()
  expect(published('EnqueueCount')).toEqual([])
  says(101, 2)
  await collector.collect()
  expect(published('EnqueueCount').map(([broker, , value]) => [broker, value])).toEqual([['MyBroker-2', 1]])
})

test('what cannot be published is kept and published with the next minute', async () => {
  says(5)
  sink.fail(new Error('the journal is busy'))
  await collector.collect()
  expect(sink.points).toEqual([])
  sink.fail(undefined)
  now += MINUTE
  await collector.collect()
  expect(published('TotalMessageCount')).toHaveLength(2)
})

test('a broker that cannot be read does not keep the others from being published', async () => {
  const life = bench.live()
  await life.reconciler.start()
  const other = await create(life, bench.contextOf(), { BrokerName: 'Other' })
  await bench.untilState(other, 'RUNNING')
  says(5)
  broken.add(other)
  await collector.collect()
  expect(published('TotalMessageCount').map(([broker]) => broker)).toEqual(['MyBroker-1'])
})

test.each([
  { audit: true, lines: ['{"destination":"queue://Q","enqueued":4'] },
  { audit: false, lines: [] },
])('what went through destinations is told where the audit log is delivered: $audit', async ({ audit, lines }) => {
  const life = bench.live()
  await life.reconciler.start()
  const id = await create(life, bench.contextOf(), { BrokerName: 'Flow', Logs: { General: true, Audit: audit } })
  await bench.untilState(id, 'RUNNING')
  const written: string[] = []
  const flows = new MetricCollector({
    store: bench.store,
    engineOf: () => fakeEngine(bench.world),
    clock: { now: () => now },
    telemetry: silentTelemetry,
    flow: { write: async (_files, texts) => void written.push(...texts) },
  })
  for (const enqueued of [5, 9]) {
    bench.world.readings.set(id, {
      gauges: {},
      destinations: [{ kind: 'Queue', name: 'Q', gauges: {}, counters: { EnqueueCount: enqueued } }],
    })
    await flows.collect()
    now += MINUTE
  }
  expect(written.map((line) => line.slice(0, line.indexOf(',"dispatched')))).toEqual(lines)
  expect(sink.points).toEqual([])
})

test('a broker that is going is not read', async () => {
  says(5)
  const life = bench.live()
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await collector.collect()
  expect(sink.points).toEqual([])
})
