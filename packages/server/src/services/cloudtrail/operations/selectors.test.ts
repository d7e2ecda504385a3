import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(async () => {
  bench = openTrailBench()
  await bench.trail('audit')
})
afterEach(() => bench.close())

const field = (Field: string, ...Equals: readonly string[]): object => ({ Field, Equals })
const advanced = (...FieldSelectors: readonly object[]): object => ({
  AdvancedEventSelectors: [{ Name: 'n', FieldSelectors }],
})
const put = (selectors: object): Promise<unknown> =>
  bench.call('PutEventSelectors', { TrailName: 'audit', ...selectors })
const refusal = (selectors: object): Promise<string> =>
  bench.refusal('PutEventSelectors', { TrailName: 'audit', ...selectors })

const S3 = { Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::b/'] }

test('a trail that was told nothing selects all management events', async () => {
  expect(await bench.call('GetEventSelectors', { TrailName: 'audit' })).toEqual({
    TrailARN: arnOf('audit'),
    EventSelectors: [
      { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
    ],
  })
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { HasCustomEventSelectors: false } })
})

test('basic selectors are kept with what was left out, and advanced ones replace them', async () => {
  const answer = await put({ EventSelectors: [{ ReadWriteType: 'WriteOnly', DataResources: [S3] }] })
  expect(answer).toEqual({
    TrailARN: arnOf('audit'),
    EventSelectors: [
      {
        ReadWriteType: 'WriteOnly',
        IncludeManagementEvents: true,
        DataResources: [S3],
        ExcludeManagementEventSources: [],
      },
    ],
  })
  const wanted = advanced(field('eventCategory', 'Management'), field('readOnly', 'false'))
  expect(await put(wanted)).toEqual({ TrailARN: arnOf('audit'), ...wanted })
  expect(await bench.call('GetEventSelectors', { TrailName: 'audit' })).toEqual({ TrailARN: arnOf('audit'), ...wanted })
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { HasCustomEventSelectors: true } })
})

test.each<readonly [string, object]>([
  ['none', {}],
  ['none of a kind', { EventSelectors: [] }],
  ['both kinds', { EventSelectors: [{}], ...advanced(field('eventCategory', 'Management')) }],
  ['six', { EventSelectors: Array.from({ length: 6 }, () => ({})) }],
  ['neither management nor data events', { EventSelectors: [{ IncludeManagementEvents: false }] }],
  ['an unknown type', { EventSelectors: [{ DataResources: [{ Type: 'AWS::SQS::Queue', Values: ['arn:aws:sqs'] }] }] }],
  ['a value of another type', { EventSelectors: [{ DataResources: [{ Type: S3.Type, Values: ['arn:aws:lambda'] }] }] }],
  [
    'a value that begins like another',
    { EventSelectors: [{ DataResources: [{ Type: S3.Type, Values: ['arn:aws:s3x'] }] }] },
  ],
  [
    '251 values',
    {
      EventSelectors: [{ DataResources: [{ Type: S3.Type, Values: Array.from({ length: 251 }, () => 'arn:aws:s3') }] }],
    },
  ],
  ['an exclusion that is none', { EventSelectors: [{ ExcludeManagementEventSources: ['iam.amazonaws.com'] }] }],
  [
    'an exclusion of nothing',
    {
      EventSelectors: [
        { IncludeManagementEvents: false, DataResources: [S3], ExcludeManagementEventSources: ['kms.amazonaws.com'] },
      ],
    },
  ],
  ['no category', advanced(field('readOnly', 'true'))],
  ['two categories', advanced(field('eventCategory', 'Management', 'Data'))],
  ['an unknown category', advanced(field('eventCategory', 'Insight'))],
  ['an unknown field', advanced(field('eventCategory', 'Management'), field('colour', 'red'))],
  [
    'a data field of management events',
    advanced(field('eventCategory', 'Management'), field('resources.type', 'AWS::S3::Object')),
  ],
  ['data events without a type', advanced(field('eventCategory', 'Data'))],
  ['a type that is none', advanced(field('eventCategory', 'Data'), field('resources.type', 'bucket'))],
  ['a field twice', advanced(field('eventCategory', 'Management'), field('eventName', 'a'), field('eventName', 'b'))],
  ['a field without an operator', advanced(field('eventCategory', 'Management'), { Field: 'eventName' })],
  [
    'readOnly that begins with something',
    advanced(field('eventCategory', 'Management'), { Field: 'readOnly', StartsWith: ['t'] }),
  ],
  ['readOnly maybe', advanced(field('eventCategory', 'Management'), field('readOnly', 'maybe'))],
  [
    '501 conditions',
    advanced(
      field('eventCategory', 'Management'),
      field('eventName', ...Array.from({ length: 500 }, (_, n) => `e${String(n)}`)),
    ),
  ],
])('%s is refused, and changes nothing', async (_name, selectors) => {
  expect(await refusal(selectors)).toContain('InvalidEventSelectorsException')
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { HasCustomEventSelectors: false } })
})

test('insights are kept, switched off by none, and each is given once', async () => {
  expect(await bench.refusal('GetInsightSelectors', { TrailName: 'audit' })).toContain('InsightNotEnabledException')
  const InsightSelectors = [{ InsightType: 'ApiCallRateInsight' }] as const
  await bench.call('PutInsightSelectors', { TrailName: 'audit', InsightSelectors })
  expect(await bench.call('GetInsightSelectors', { TrailName: 'audit' })).toEqual({
    TrailARN: arnOf('audit'),
    InsightSelectors,
  })
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { HasInsightSelectors: true } })
  const twice = [...InsightSelectors, ...InsightSelectors]
  expect(await bench.refusal('PutInsightSelectors', { TrailName: 'audit', InsightSelectors: twice })).toContain(
    'InvalidInsightSelectorsException',
  )
  await bench.call('PutInsightSelectors', { TrailName: 'audit', InsightSelectors: [] })
  expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { HasInsightSelectors: false } })
})
