import { beforeEach, expect, test } from 'vitest'
import { type AccountId, accountId, region } from '#kernel/ids.ts'
import { MAX_PUBLISHED_POINTS } from '#kernel/metric-point.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { type IncomingMetrics, incomingMetrics } from '#services/logs/metrics/incoming.ts'
import { PointQueue } from '#services/logs/metrics/point-queue.ts'
import { type MemoryMetricSink, memoryMetricSink } from '../../../../../testkit/src/memory-metric-sink.ts'

const START = Date.UTC(2026, 10, 21, 12)
const MINUTE = 60_000
const ACCOUNT = accountId('111122223333')
const HERE = region('eu-west-1')

let now: number
let sink: MemoryMetricSink
let incoming: IncomingMetrics
beforeEach(() => {
  now = START
  sink = memoryMetricSink()
  incoming = incomingMetrics({ sink, clock: { now: () => now }, telemetry: silentTelemetry })
})
const group = (number: number, account: AccountId = ACCOUNT): LogGroup => ({
  number,
  name: `g${String(number)}`,
  place: { account, region: HERE },
  revision: 1,
  idPrefix: '',
  creationTime: START,
  logGroupClass: 'STANDARD',
  deletionProtectionEnabled: false,
  tags: {},
})
const add = (of: LogGroup, events: number, bytes: number): void => incoming.add(of, events, bytes, now)
const flushAt = async (instant: number) => {
  now = instant
  await incoming.flush()
}
const seen = () =>
  sink.points.map(({ metricName, dimensions, timestamp, statistics }) => [
    metricName,
    dimensions['LogGroupName'] ?? dimensions['Resource'] ?? '',
    (timestamp - START) / MINUTE,
    statistics.sampleCount,
    statistics.sum,
  ])

test('events and bytes of a minute are counted by group and for the account, a sample a call', async () => {
  add(group(1), 10, 1_000)
  add(group(1), 30, 3_000)
  add(group(2), 5, 500)
  await flushAt(START + MINUTE - 1)
  expect(sink.points).toEqual([])
  await flushAt(START + MINUTE)
  expect(seen()).toEqual([
    ['IncomingLogEvents', 'g1', 0, 2, 40],
    ['IncomingBytes', 'g1', 0, 2, 4_000],
    ['IncomingLogEvents', 'g2', 0, 1, 5],
    ['IncomingBytes', 'g2', 0, 1, 500],
    ['IncomingLogEvents', '', 0, 3, 45],
    ['IncomingBytes', '', 0, 3, 4_500],
  ])
  expect(sink.points[1]).toMatchObject({ namespace: 'AWS/Logs', unit: 'Bytes', account: ACCOUNT, region: HERE })
  expect(sink.points[4]?.statistics).toEqual({ sampleCount: 3, sum: 45, minimum: 5, maximum: 30 })
})

test('minutes are kept apart, and one without a call has no point', async () => {
  add(group(1), 1, 10)
  now = START + 3 * MINUTE
  add(group(1), 2, 20)
  await flushAt(START + 4 * MINUTE)
  await flushAt(START + 9 * MINUTE)
  expect(seen().filter(([name, of]) => name === 'IncomingLogEvents' && of === 'g1')).toEqual([
    ['IncomingLogEvents', 'g1', 0, 1, 1],
    ['IncomingLogEvents', 'g1', 3, 1, 2],
  ])
})

test('accounts are kept apart', async () => {
  add(group(1), 1, 10)
  add(group(2, accountId('444455556666')), 7, 70)
  await flushAt(START + MINUTE)
  const all = sink.points.filter(({ dimensions }) => Object.keys(dimensions).length === 0)
  expect(all.map(({ account, statistics }) => [account, statistics.sum])).toEqual([
    [ACCOUNT, 1],
    [ACCOUNT, 10],
    ['444455556666', 7],
    ['444455556666', 70],
  ])
})

test('calls are counted by operation, and with how they ended', async () => {
  const place = { account: ACCOUNT, region: HERE }
  for (const end of ['answered', 'throttled', 'throttled', 'failed'] as const) {
    incoming.called(place, 'PutLogEvents', end, now)
  }
  incoming.called(place, 'GetLogEvents', 'answered', now)
  incoming.called({ ...place, account: accountId('444455556666') }, 'GetLogEvents', 'answered', now)
  await flushAt(START + MINUTE)
  expect(seen()).toEqual([
    ['CallCount', 'PutLogEvents', 0, 4, 4],
    ['ThrottleCount', 'PutLogEvents', 0, 2, 2],
    ['ErrorCount', 'PutLogEvents', 0, 1, 1],
    ['CallCount', 'GetLogEvents', 0, 1, 1],
    ['CallCount', 'GetLogEvents', 0, 1, 1],
  ])
  expect(sink.points[0]?.dimensions).toEqual({ Class: 'None', Resource: 'PutLogEvents', Service: 'Logs', Type: 'API' })
})

test('closing publishes the open minute', async () => {
  add(group(1), 1, 10)
  await incoming.close()
  expect(seen()).toHaveLength(4)
})

test('points that are not taken come with the next ones, before them', async () => {
  add(group(1), 1, 10)
  sink.fail(new Error('full'))
  await flushAt(START + MINUTE)
  sink.fail(undefined)
  add(group(1), 2, 20)
  await flushAt(START + 2 * MINUTE)
  expect(seen().map(([, , minute]) => minute)).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
})

test('many points go in publications of a size that is taken; what was taken is not sent again', async () => {
  const sizes: number[] = []
  let fails = true
  const queue = new PointQueue({
    telemetry: silentTelemetry,
    sink: {
      publish: async (points) => {
        if (fails && sizes.length === 1) throw new Error('full')
        sizes.push(points.length)
      },
    },
  })
  add(group(1), 1, 1)
  await incoming.close()
  const [point] = sink.points
  if (point === undefined) throw new Error('no point')
  await queue.publish(Array.from({ length: 2 * MAX_PUBLISHED_POINTS + 5 }, () => point))
  expect(sizes).toEqual([MAX_PUBLISHED_POINTS])
  fails = false
  await queue.publish([point])
  expect(sizes).toEqual([MAX_PUBLISHED_POINTS, MAX_PUBLISHED_POINTS, 6])
})
