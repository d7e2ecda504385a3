import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { MAX_DIMENSION_SETS } from '#services/logs/limits.ts'
import { type LogMetrics, logMetrics } from '#services/logs/metrics/aggregator.ts'
import type { SampledMetric } from '#services/logs/metrics/compiled-filter.ts'
import { type MemoryMetricSink, memoryMetricSink } from '../../../../../testkit/src/memory-metric-sink.ts'

const START = Date.UTC(2026, 10, 21, 12)
const MINUTE = 60_000
const metric: SampledMetric = {
  source: '1/f',
  account: accountId('111122223333'),
  region: region('eu-west-1'),
  namespace: 'N',
  metricName: 'm',
  unit: 'Count',
}
const withDefault: SampledMetric = { ...metric, source: '1/d', defaultValue: 0 }

let now: number
let sink: MemoryMetricSink
let metrics: LogMetrics
const added: Record<string, number> = {}
beforeEach(() => {
  now = START
  sink = memoryMetricSink()
  for (const name of Object.keys(added)) delete added[name]
  const meter = {
    ...silentTelemetry.meter,
    add: (name: string, amount: number) => {
      added[name] = (added[name] ?? 0) + amount
    },
  }
  metrics = logMetrics({ sink, clock: { now: () => now }, telemetry: { ...silentTelemetry, meter } })
})

const add = (value: number, at = now, dimensions = {}, of = metric) => metrics.add(of, at, { value, dimensions })
const flushAt = async (instant: number) => {
  now = instant
  await metrics.flush()
}
const seen = () => sink.points.map(({ timestamp, statistics }) => [(timestamp - START) / MINUTE, statistics.sum])

test('the samples of a minute become one point', async () => {
  for (const value of [3, 1.5, -2]) add(value, START + 59_999)
  await flushAt(START + MINUTE + 9_999)
  expect(sink.points).toEqual([])
  await flushAt(START + MINUTE + 10_000)
  const { source: _source, ...common } = metric
  expect(sink.points).toEqual([
    {
      ...common,
      dimensions: {},
      timestamp: START,
      statistics: { sampleCount: 3, sum: 2.5, minimum: -2, maximum: 3 },
      distribution: { values: [3, 1.5, -2], counts: [1, 1, 1] },
    },
  ])
})

test('minutes, filters and dimensions are apart, in whatever order samples come', async () => {
  add(1, START + MINUTE)
  add(2, START)
  add(4, START, { host: 'a' })
  add(8, START, { host: 'b' })
  add(16, START, { host: 'a' })
  add(32, START, {}, { ...metric, source: '2/f' })
  await flushAt(START + 3 * MINUTE)
  expect(sink.points.map(({ timestamp, dimensions, statistics }) => [timestamp, dimensions, statistics.sum])).toEqual([
    [START + MINUTE, {}, 1],
    [START, {}, 2],
    [START, { host: 'a' }, 20],
    [START, { host: 'b' }, 8],
    [START, {}, 32],
  ])
})

test('a minute is published once; a late sample is a point of its own', async () => {
  add(1)
  await flushAt(START + 2 * MINUTE)
  await flushAt(START + 3 * MINUTE)
  add(5, START)
  await flushAt(START + 3 * MINUTE + 1)
  expect(seen()).toEqual([
    [0, 1],
    [0, 5],
  ])
})

test('a sample ahead of the clock waits for its minute', async () => {
  add(1, START + 60 * MINUTE)
  await flushAt(START + 60 * MINUTE + 30_000)
  expect(seen()).toEqual([])
  await flushAt(START + 62 * MINUTE)
  expect(seen()).toEqual([[60, 1]])
})

test('the default value stands for minutes with events and no sample', async () => {
  metrics.expect(withDefault, START)
  metrics.expect(withDefault, START + MINUTE)
  add(7, START + MINUTE, {}, withDefault)
  metrics.expect(metric, START)
  await flushAt(START + 5 * MINUTE)
  expect(seen()).toEqual([
    [0, 0],
    [1, 7],
  ])
  expect(sink.points[0]?.statistics).toEqual({ sampleCount: 1, sum: 0, minimum: 0, maximum: 0 })
  metrics.expect(withDefault, START)
  await flushAt(START + 6 * MINUTE)
  expect(sink.points).toHaveLength(2)
})

test('what cannot be published comes with the next flush, first things first', async () => {
  add(1)
  sink.fail(new Error('away'))
  await flushAt(START + 2 * MINUTE)
  add(2, START + 2 * MINUTE)
  await flushAt(START + 4 * MINUTE)
  sink.fail(undefined)
  await flushAt(START + 5 * MINUTE)
  expect(seen()).toEqual([
    [0, 1],
    [2, 2],
  ])
})

test('closing publishes what is open', async () => {
  add(1)
  await metrics.close()
  expect(seen()).toEqual([[0, 1]])
})

test('a filter makes at most a thousand sets of dimensions an hour; its known ones go on', async () => {
  for (let i = 0; i < MAX_DIMENSION_SETS + 5; i += 1) add(1, now, { user: String(i) })
  add(1, now + MINUTE, { user: '0' })
  add(1, now + MINUTE, { user: 'another' })
  add(1, now, { user: 'other filter' }, { ...metric, source: '2/f' })
  await flushAt(START + 5 * MINUTE)
  expect(sink.points).toHaveLength(MAX_DIMENSION_SETS + 2)
  expect(added['logs_metric_samples_dropped_total']).toBe(6)
  now = START + 61 * MINUTE
  add(1, now, { user: 'another' })
  await flushAt(START + 65 * MINUTE)
  expect(sink.points).toHaveLength(MAX_DIMENSION_SETS + 3)
})

test('however samples and flushes come, every sample is published exactly once', async () => {
  const samples = fc.array(
    fc.record({
      value: fc.integer({ min: -5, max: 5 }),
      minute: fc.integer({ min: 0, max: 4 }),
      host: fc.constantFrom(undefined, 'a', 'b'),
      flush: fc.boolean(),
      fails: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(samples, async (all) => {
      const taken = memoryMetricSink()
      let instant = START
      const under = logMetrics({ sink: taken, clock: { now: () => instant }, telemetry: silentTelemetry })
      for (const { value, minute, host, flush, fails } of all) {
        under.add(metric, START + minute * MINUTE, { value, dimensions: host === undefined ? {} : { host } })
        taken.fail(fails ? new Error('away') : undefined)
        instant += 20_000
        if (flush) await under.flush()
      }
      taken.fail(undefined)
      await under.close()
      const total = (pick: (point: { readonly sampleCount: number; readonly sum: number }) => number) =>
        taken.points.reduce((sum, { statistics }) => sum + pick(statistics), 0)
      expect(total(({ sampleCount }) => sampleCount)).toBe(all.length)
      expect(total(({ sum }) => sum)).toBe(all.reduce((sum, { value }) => sum + value, 0))
    }),
    { numRuns: 100 },
  )
})
