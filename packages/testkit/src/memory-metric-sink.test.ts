import { expect, test } from 'vitest'
import type { MetricPoint } from '../../server/src/kernel/metric-point.ts'
import { memoryMetricSink } from './memory-metric-sink.ts'

const point = { metricName: 'm' } as MetricPoint

test('points are taken whole or not at all', async () => {
  const sink = memoryMetricSink(2)
  await expect(sink.publish([point, point, point])).rejects.toThrow(/do not fit: 2 are held at most/)
  expect(sink.points).toEqual([])
  await sink.publish([point, point])
  expect(sink.points).toHaveLength(2)
})

test('a failure lasts until it is taken back', async () => {
  const sink = memoryMetricSink()
  sink.fail(new Error('away'))
  await expect(sink.publish([point])).rejects.toThrow('away')
  sink.fail(undefined)
  await sink.publish([point])
  expect(sink.points).toEqual([point])
})
