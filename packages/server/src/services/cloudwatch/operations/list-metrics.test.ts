import { beforeEach, expect, test } from 'vitest'
import {
  type CloudwatchBench,
  DAY,
  HOUR,
  MINUTE_NOW,
  openCloudwatchBench,
} from '../../../../../testkit/src/cloudwatch-bench.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import { faultOf } from '#services/iam/test-bench.ts'

let bench: CloudwatchBench
beforeEach(() => {
  bench = openCloudwatchBench()
})
const list = (input: CloudwatchInput<'ListMetrics'> = {}) => bench.call('ListMetrics', input)
const names = async (input: CloudwatchInput<'ListMetrics'> = {}) =>
  ((await list(input)).Metrics ?? []).map(({ MetricName }) => MetricName)

test('a metric is listed once, with its namespace and dimensions', async () => {
  for (const Value of [1, 2])
    await bench.put({
      Value,
      Dimensions: [
        { Name: 'b', Value: '2' },
        { Name: 'a', Value: '1' },
      ],
    })
  expect(await list()).toEqual({
    Metrics: [
      {
        Namespace: 'Shop',
        MetricName: 'Orders',
        Dimensions: [
          { Name: 'a', Value: '1' },
          { Name: 'b', Value: '2' },
        ],
      },
    ],
  })
})

test('filters narrow the list', async () => {
  await bench.put({ MetricName: 'a', Value: 1 })
  await bench.put({ MetricName: 'b', Value: 1, Dimensions: [{ Name: 'Queue', Value: 'x' }] })
  await bench.put({ MetricName: 'c', Value: 1 }, 'Other')
  expect(await names()).toEqual(['c', 'a', 'b'])
  expect(await names({ Namespace: 'Shop' })).toEqual(['a', 'b'])
  expect(await names({ MetricName: 'c' })).toEqual(['c'])
  expect(await names({ Dimensions: [{ Name: 'Queue' }] })).toEqual(['b'])
  expect(await names({ Dimensions: [{ Name: 'Queue', Value: 'y' }] })).toEqual([])
  expect(await names({ OwningAccount: '444455556666' })).toEqual([])
  expect(await list({ MetricName: 'c', IncludeLinkedAccounts: true })).toMatchObject({
    OwningAccounts: ['111122223333'],
  })
})

test('metrics without a point for two weeks are not listed; RecentlyActive means three hours', async () => {
  await bench.put({ MetricName: 'now', Value: 1 })
  bench.clock.at = MINUTE_NOW + 3 * HOUR
  expect(await names({ RecentlyActive: 'PT3H' })).toEqual(['now'])
  bench.clock.at += 1
  expect(await names({ RecentlyActive: 'PT3H' })).toEqual([])
  bench.clock.at = MINUTE_NOW + 14 * DAY
  expect(await names()).toEqual(['now'])
  bench.clock.at += 1
  expect(await names()).toEqual([])
})

test('500 metrics make a page, and a token is good for the same list only', async () => {
  const MetricData = Array.from({ length: 501 }, (_, index) => ({
    MetricName: `m${String(index).padStart(3, '0')}`,
    Value: 1,
  }))
  await bench.call('PutMetricData', { Namespace: 'N', MetricData })
  const first = await list()
  expect(first.Metrics).toHaveLength(500)
  const { NextToken } = first
  expect(await list({ NextToken })).toEqual({ Metrics: [{ Namespace: 'N', MetricName: 'm500', Dimensions: [] }] })
  expect(await faultOf(() => list({ NextToken, Namespace: 'N' }))).toMatch(/^InvalidNextToken 400 /)
  expect(await faultOf(() => list({ NextToken: 'made up' }))).toMatch(/^InvalidNextToken 400 /)
})

test('a page ends before metrics whose dimensions would not fit into a token', async () => {
  const long = Array.from({ length: 5 }, (_, index) => ({ Name: `d${String(index)}`, Value: 'x'.repeat(1_000) }))
  const MetricData = Array.from({ length: 501 }, (_, index) => ({
    MetricName: `m${String(index).padStart(3, '0')}`,
    Value: 1,
    ...(index > 480 && index < 500 ? { Dimensions: long } : {}),
  }))
  await bench.call('PutMetricData', { Namespace: 'N', MetricData: MetricData.slice(0, 490) })
  await bench.call('PutMetricData', { Namespace: 'N', MetricData: MetricData.slice(490) })
  const { Metrics, NextToken } = await list()
  expect(Metrics).toHaveLength(481)
  expect((await list({ NextToken })).Metrics).toHaveLength(20)
})
