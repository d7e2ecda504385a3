import { beforeEach, expect, test } from 'vitest'
import {
  type CloudwatchBench,
  DAY,
  HOUR,
  MINUTE,
  MINUTE_NOW,
  openCloudwatchBench,
} from '../../../../../testkit/src/cloudwatch-bench.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import { faultOf } from '#services/iam/test-bench.ts'

type Input = CloudwatchInput<'GetMetricStatistics'>
const START = MINUTE_NOW - 30 * MINUTE

let bench: CloudwatchBench
beforeEach(() => {
  bench = openCloudwatchBench()
})
const ask = (input: Partial<Input> = {}) =>
  bench.call('GetMetricStatistics', {
    Namespace: 'Shop',
    MetricName: 'Orders',
    StartTime: START,
    EndTime: MINUTE_NOW,
    Period: 60,
    Statistics: ['Sum'],
    ...input,
  })
const sums = async (input: Partial<Input> = {}) =>
  ((await ask(input)).Datapoints ?? []).map(({ Timestamp = 0, Sum }) => [(Timestamp - START) / MINUTE, Sum])

test('a datapoint has the statistics asked for, its time and its unit', async () => {
  await bench.put({
    StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 },
    Unit: 'Bytes',
    Timestamp: START,
  })
  await bench.put({ Value: 6, Unit: 'Bytes', Timestamp: START + 59_999 })
  const Statistics: Input['Statistics'] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']
  expect(await ask({ Statistics })).toEqual({
    Label: 'Orders',
    Datapoints: [{ Timestamp: START, SampleCount: 5, Average: 3.2, Sum: 16, Minimum: 1, Maximum: 6, Unit: 'Bytes' }],
  })
  expect(await ask({ Statistics: ['Maximum'] })).toMatchObject({
    Datapoints: [{ Timestamp: START, Maximum: 6, Unit: 'Bytes' }],
  })
})

test('periods begin with the start, rounded to the minute; the end is left out', async () => {
  for (const minute of [0, 2, 3, 5, 6]) await bench.put({ Value: 2 ** minute, Timestamp: START + minute * MINUTE })
  expect(await sums({ Period: 180, StartTime: START + 2 * MINUTE + 30_000, EndTime: START + 6 * MINUTE })).toEqual([
    [2, 12],
    [5, 32],
  ])
})

test('units are datapoints of their own unless one is asked for', async () => {
  await bench.put({ Value: 1, Unit: 'Seconds', Timestamp: START })
  await bench.put({ Value: 2, Unit: 'Bytes', Timestamp: START })
  expect(await sums()).toEqual([
    [0, 2],
    [0, 1],
  ])
  expect(await sums({ Unit: 'Seconds' })).toEqual([[0, 1]])
  expect(await sums({ Unit: 'Count' })).toEqual([])
})

test('dimensions name one metric, not all that have them', async () => {
  await bench.put({ Value: 1, Timestamp: START, Dimensions: [{ Name: 'a', Value: '1' }] })
  expect(await sums()).toEqual([])
  expect(await sums({ Dimensions: [{ Name: 'a', Value: '1' }] })).toEqual([[0, 1]])
})

test('extended statistics come from values and counts; of a statistic set they cannot be told', async () => {
  await bench.put({ Values: [1, 2, 3, 4], Counts: [1, 1, 1, 1], Timestamp: START })
  await bench.put({ StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 }, Timestamp: START + MINUTE })
  await bench.put({
    StatisticValues: { SampleCount: 2, Sum: 8, Minimum: 4, Maximum: 4 },
    Timestamp: START + 2 * MINUTE,
  })
  expect(await ask({ Statistics: undefined, ExtendedStatistics: ['p50', 'tm75', 'PR(2:)'] })).toEqual({
    Label: 'Orders',
    Datapoints: [
      { Timestamp: START, ExtendedStatistics: { p50: 2, tm75: 2, 'PR(2:)': 50 }, Unit: 'None' },
      { Timestamp: START + 2 * MINUTE, ExtendedStatistics: { p50: 4, tm75: 4, 'PR(2:)': 100 }, Unit: 'None' },
    ],
  })
})

test('short periods are kept for three hours, minutes for 15 days, five minutes for 63, hours for 455', async () => {
  await bench.put({ Value: 1, Timestamp: MINUTE_NOW })
  const found = async (age: number, Period: number): Promise<boolean> => {
    bench.clock.at = MINUTE_NOW + age
    const input = { StartTime: MINUTE_NOW - HOUR, EndTime: MINUTE_NOW + HOUR, Period, Statistics: ['Sum'] as const }
    return ((await ask(input)).Datapoints ?? []).length > 0
  }
  expect([await found(2 * HOUR, 10), await found(3 * HOUR + 20_000, 10)]).toEqual([true, false])
  expect([await found(15 * DAY, 60), await found(15 * DAY + 2 * MINUTE, 60)]).toEqual([true, false])
  expect([await found(62 * DAY, 300), await found(63 * DAY + 10 * MINUTE, 300)]).toEqual([true, false])
  expect([await found(454 * DAY, 3_600), await found(455 * DAY + 2 * HOUR, 3_600)]).toEqual([true, false])
})

test.each([
  { input: { StartTime: MINUTE_NOW }, says: 'InvalidParameterValue 400 The parameter StartTime must be less than' },
  { input: { Period: 61 }, says: 'InvalidParameterValue 400 The parameter Period must be 1, 5, 10, 20, 30 or' },
  {
    input: { Statistics: undefined },
    says: 'MissingParameter 400 Must specify either Statistics or ExtendedStatistics',
  },
  { input: { ExtendedStatistics: ['p50'] }, says: 'InvalidParameterCombination 400 The parameters Statistics and' },
  { input: { Statistics: undefined, ExtendedStatistics: ['p101'] }, says: 'InvalidParameterValue 400 The value p101' },
  { input: { Statistics: undefined, ExtendedStatistics: ['Sum'] }, says: 'InvalidParameterValue 400 The value Sum' },
  {
    input: { StartTime: MINUTE_NOW - 1_441 * MINUTE },
    says: 'InvalidParameterCombination 400 You have requested up to 1441 datapoints, which exceeds the limit of 1440. You may reduce',
  },
])('$input is refused', async ({ input, says }) => {
  expect(await faultOf(() => ask(input as Partial<Input>))).toContain(says)
})
