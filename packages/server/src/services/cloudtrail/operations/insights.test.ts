import { afterEach, beforeEach, expect, test } from 'vitest'
import { allow, policy } from '../../../../../testkit/src/gateway-bench.ts'
import { type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(async () => {
  bench = openTrailBench()
  await bench.trail('audit')
})
afterEach(() => bench.close())

const DATA = { InsightSource: arnOf('audit'), DataType: 'InsightsEvents' } as const
const RATE = { EventSource: 'iam.amazonaws.com', EventName: 'CreateUser', InsightType: 'ApiCallRateInsight' } as const
const insights = (...types: readonly ('ApiCallRateInsight' | 'ApiErrorRateInsight')[]) =>
  bench.call('PutInsightSelectors', {
    TrailName: 'audit',
    InsightSelectors: types.map((InsightType) => ({ InsightType })),
  })

test('a trail without insights has no events and no rates of them', async () => {
  expect(await bench.call('ListInsightsData', { ...DATA, Dimensions: { EventName: 'CreateUser' } })).toEqual({
    Events: [],
  })
  expect(await bench.call('ListInsightsMetricData', RATE)).toEqual({ ...RATE, Timestamps: [], Values: [] })
  const ofTrail = { ...RATE, TrailName: 'audit', Period: 60 }
  expect(await bench.call('ListInsightsMetricData', ofTrail)).toEqual({
    ...RATE,
    TrailARN: arnOf('audit'),
    Timestamps: [],
    Values: [],
  })
})

test('where insights are asked for, nobody is told that nothing was unusual: they are not worked out', async () => {
  await insights('ApiCallRateInsight')
  expect(await bench.refusal('ListInsightsData', DATA)).toContain('NotImplemented')
  expect(await bench.refusal('ListInsightsMetricData', RATE)).toContain('NotImplemented')
  const errors = { ...RATE, InsightType: 'ApiErrorRateInsight', ErrorCode: 'AccessDenied' } as const
  expect(await bench.call('ListInsightsMetricData', errors)).toEqual({ ...errors, Timestamps: [], Values: [] })
})

test.each([
  ['a name instead of an ARN', 'ListInsightsData', { ...DATA, InsightSource: 'audit' }],
  ['a trail that is not there', 'ListInsightsData', { ...DATA, InsightSource: arnOf('none') }],
  ['an end before the start', 'ListInsightsData', { ...DATA, StartTime: 2, EndTime: 1 }],
  ['a token of nothing', 'ListInsightsData', { ...DATA, NextToken: 'a token of nothing' }],
  ['a rate of errors without their code', 'ListInsightsMetricData', { ...RATE, InsightType: 'ApiErrorRateInsight' }],
  ['a code without a rate of errors', 'ListInsightsMetricData', { ...RATE, ErrorCode: 'AccessDenied' }],
  ['an odd period', 'ListInsightsMetricData', { ...RATE, Period: 61 }],
  ['rates of a trail that is not there', 'ListInsightsMetricData', { ...RATE, TrailName: 'none' }],
  ['rates that end before they start', 'ListInsightsMetricData', { ...RATE, StartTime: 2, EndTime: 1 }],
  ['rates behind a token of nothing', 'ListInsightsMetricData', { ...RATE, NextToken: 'a token of nothing' }],
] as const)('%s is refused', async (_what, operation, input) => {
  expect(await bench.refusal(operation, input as never)).toContain('InvalidParameterException')
})

test('rates need the right to look up events, and those of a trail the right to its insights too', async () => {
  const { key } = await bench.gateway.user('u', policy(allow('cloudtrail:LookupEvents')))
  await bench.call('ListInsightsMetricData', RATE, key)
  expect(await bench.refusal('ListInsightsMetricData', { ...RATE, TrailName: 'audit' }, key)).toContain(
    'cloudtrail:ListInsightsData',
  )
  expect(await bench.refusal('ListInsightsData', DATA, key)).toContain('cloudtrail:ListInsightsData')
})
