import { beforeEach, expect, test } from 'vitest'
import {
  type CloudwatchBench,
  DAY,
  HOUR,
  MINUTE,
  MINUTE_NOW,
  openCloudwatchBench,
} from '../../../../../testkit/src/cloudwatch-bench.ts'
import { faultOf } from '#services/iam/test-bench.ts'
import { Backlogged } from '#stores/journals/log-journal.ts'

let bench: CloudwatchBench
beforeEach(() => {
  bench = openCloudwatchBench()
})
const stored = () => bench.journal.points.map(({ account: _a, region: _r, ...point }) => point)
const dimension = (Name: string, Value = 'v') => ({ Name, Value })

test('a value is stored in the minute of its time, with what belongs to it', async () => {
  await bench.put({ Value: 2.5, Unit: 'Seconds', Dimensions: [dimension('Queue', 'a b')], Timestamp: MINUTE_NOW - 1 })
  await bench.put({ Value: -1, Timestamp: undefined })
  expect(stored()).toEqual([
    {
      namespace: 'Shop',
      metricName: 'Orders',
      dimensions: { Queue: 'a b' },
      unit: 'Seconds',
      timestamp: MINUTE_NOW - MINUTE,
      storageResolution: 60,
      statistics: { sampleCount: 1, sum: 2.5, minimum: 2.5, maximum: 2.5 },
    },
    {
      namespace: 'Shop',
      metricName: 'Orders',
      dimensions: {},
      unit: 'None',
      timestamp: MINUTE_NOW,
      storageResolution: 60,
      statistics: { sampleCount: 1, sum: -1, minimum: -1, maximum: -1 },
    },
  ])
})

test('points of high resolution keep their second', async () => {
  await bench.put({ Value: 1, StorageResolution: 1, Timestamp: MINUTE_NOW + 5_999 })
  expect(stored()).toMatchObject([{ storageResolution: 1, timestamp: MINUTE_NOW + 5_000 }])
})

test('values come with how often each was seen; once, when nothing is said', async () => {
  await bench.put({ Values: [5, 1, 2], Counts: [1, 10, 0.5] })
  await bench.put({ Values: [3, 3] })
  expect(stored()).toMatchObject([
    {
      statistics: { sampleCount: 11.5, sum: 16, minimum: 1, maximum: 5 },
      distribution: { values: [5, 1, 2], counts: [1, 10, 0.5] },
    },
    { statistics: { sampleCount: 2, sum: 6, minimum: 3, maximum: 3 } },
  ])
})

test('a statistic set is stored as it is', async () => {
  await bench.put({ StatisticValues: { SampleCount: 3, Sum: 6, Minimum: 1, Maximum: 4 } })
  expect(stored()).toMatchObject([{ statistics: { sampleCount: 3, sum: 6, minimum: 1, maximum: 4 } }])
  expect(stored()[0]).not.toHaveProperty('distribution')
})

const set = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 }
const exclusive = (first: string, second: string): string =>
  `InvalidParameterCombination 400 The parameters MetricData.member.1.${first} and MetricData.member.1.${second} are mutually exclusive and you have specified both.`
const bad = (name: string, value: string): string =>
  `InvalidParameterValue 400 The value ${value} for parameter MetricData.member.1.${name} is invalid.`

test.each([
  { datum: { Value: 1, Values: [1] }, says: exclusive('Value', 'Values') },
  { datum: { Value: 1, StatisticValues: set }, says: exclusive('Value', 'StatisticValues') },
  { datum: { Values: [1], StatisticValues: set }, says: exclusive('Values', 'StatisticValues') },
  { datum: { Value: 1, Counts: [1] }, says: exclusive('Value', 'Counts') },
  {
    datum: { Values: [1, 2], Counts: [1] },
    says: 'InvalidParameterCombination 400 The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
  },
  { datum: {}, says: 'MissingParameter 400 At least one of the parameters' },
  { datum: { Values: [] }, says: 'MissingParameter 400 At least one of the parameters' },
  { datum: { Value: Number.NaN }, says: bad('Value', 'NaN') },
  { datum: { Value: -Infinity }, says: bad('Value', '-Infinity') },
  { datum: { Value: 2 ** 361 }, says: bad('Value', String(2 ** 361)) },
  { datum: { Values: [1, Number.NaN] }, says: bad('Values.member.2', 'NaN') },
  { datum: { Values: [1], Counts: [0] }, says: bad('Counts.member.1', '0') },
  { datum: { Values: [1], Counts: [Number.NaN] }, says: bad('Counts.member.1', 'NaN') },
  { datum: { StatisticValues: { ...set, SampleCount: 0 } }, says: bad('StatisticValues.SampleCount', '0') },
  { datum: { StatisticValues: { ...set, Sum: Infinity } }, says: bad('StatisticValues.Sum', 'Infinity') },
  {
    datum: { StatisticValues: { ...set, Minimum: 2 } },
    says: 'InvalidParameterCombination 400 The parameter MetricData.member.1.StatisticValues.Maximum must be greater',
  },
  {
    datum: { Values: Array.from({ length: 151 }, () => 1) },
    says: 'InvalidParameterValue 400 The collection MetricData.member.1.Values must not have a size greater than 150.',
  },
  { datum: { Value: 1, StorageResolution: 30 }, says: bad('StorageResolution', '30') },
  { datum: { Value: 1, MetricName: ' ' }, says: bad('MetricName', ' ') },
  { datum: { Value: 1, Dimensions: [dimension(':x')] }, says: bad('Dimensions.member.1.Name', ':x') },
  { datum: { Value: 1, Dimensions: [dimension('a'), dimension('é')] }, says: bad('Dimensions.member.2.Name', 'é') },
  { datum: { Value: 1, Dimensions: [dimension('a', '  ')] }, says: bad('Dimensions.member.1.Value', '  ') },
  { datum: { Value: 1, Dimensions: [dimension('a', 'b\n')] }, says: bad('Dimensions.member.1.Value', 'b\n') },
  {
    datum: { Value: 1, Dimensions: [dimension('a'), dimension('a', 'w')] },
    says: 'has the dimension a more than once',
  },
])('%j: refused, and nothing is stored', async ({ datum, says }) => {
  expect(await faultOf(() => bench.put(datum))).toContain(says)
  const good = { MetricName: 'Orders', Value: 1 }
  const both = { Namespace: 'Shop', MetricData: [good, { MetricName: 'Orders', ...datum }] }
  expect(await faultOf(() => bench.call('PutMetricData', both))).not.toBe('')
  expect(stored()).toEqual([])
})

test('times go from two weeks back to two hours ahead, both included', async () => {
  await bench.put({ Value: 1, Timestamp: MINUTE_NOW - 14 * DAY })
  await bench.put({ Value: 1, Timestamp: MINUTE_NOW + 2 * HOUR })
  const put = (Timestamp: number) => faultOf(() => bench.put({ Value: 1, Timestamp }))
  expect(await put(MINUTE_NOW - 14 * DAY - 1)).toMatch(/^InvalidParameterValue 400 .*two weeks in the past/)
  expect(await put(MINUTE_NOW + 2 * HOUR + 1)).toMatch(/^InvalidParameterValue 400 .*two hours in the future/)
  expect(stored()).toHaveLength(2)
})

test.each(['AWS/Logs', 'AWS/', 'a*b', 'é'])('the namespace %j is refused', async (namespace) => {
  expect(await faultOf(() => bench.put({ Value: 1 }, namespace))).toBe(
    `InvalidParameterValue 400 The value ${namespace} for parameter Namespace is invalid.`,
  )
})

test.each(['AWS', 'My/App-1_x.y#z:w', 'a b'])('the namespace %j is taken', async (namespace) => {
  await bench.put({ Value: 1 }, namespace)
  expect(stored()).toMatchObject([{ namespace }])
})

test('a call has data, at most a thousand, and a megabyte', async () => {
  const put = (MetricData: readonly object[]) =>
    faultOf(() => bench.call('PutMetricData', { Namespace: 'N', MetricData: MetricData as never }))
  const many = (count: number, size: number) =>
    Array.from({ length: count }, (_, index) => ({
      MetricName: `m${String(index)}`,
      Value: 1,
      Dimensions: [dimension('d', 'x'.repeat(size))],
    }))
  expect(await put([])).toBe('MissingParameter 400 The parameter MetricData is required.')
  expect(await put(many(1_001, 1))).toBe(
    'InvalidParameterValue 400 The collection MetricData must not have a size greater than 1000.',
  )
  expect(await put(many(1_000, 1_020))).toMatch(/^RequestEntityTooLarge 413 /)
  expect(stored()).toEqual([])
  await bench.call('PutMetricData', { Namespace: 'N', MetricData: many(1_000, 900) })
  expect(stored()).toHaveLength(1_000)
})

test('metric data of entities are not built, and say so', async () => {
  const EntityMetricData = [{ MetricData: [{ MetricName: 'm', Value: 1 }] }]
  expect(await faultOf(() => bench.call('PutMetricData', { Namespace: 'N', EntityMetricData }))).toMatch(
    /^NotImplemented 501 /,
  )
})

test('when too much waits for the store, the caller is throttled', async () => {
  const full = openCloudwatchBench({
    wrap: (journal) => ({ ...journal, publish: () => Promise.reject(new Backlogged(1)) }),
  })
  expect(await faultOf(() => full.put({ Value: 1 }))).toBe('Throttling 400 Rate exceeded')
})
