import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { MAX_POINT_VALUES } from '#services/logs/limits.ts'
import type { SampledMetric } from '#services/logs/metrics/compiled-filter.ts'
import { type Gathered, Series } from '#services/logs/metrics/series.ts'

const metric: SampledMetric = {
  source: '1/f',
  account: accountId('111122223333'),
  region: region('eu-west-1'),
  namespace: 'N',
  metricName: 'm',
  unit: 'None',
}

function seriesOf(values: readonly number[], mayGrow: (index: number) => boolean = () => true): Series {
  const series = new Series(metric, {})
  for (const [index, value] of values.entries()) series.add(value, { mayGrow: mayGrow(index) })
  return series
}

/** What readers find in parts: of one without a distribution all samples are the same. */
const samplesIn = (parts: readonly Gathered[]): readonly number[] =>
  parts
    .flatMap(({ statistics: { sampleCount, minimum, maximum }, distribution }) => {
      if (distribution === undefined) expect(minimum).toBe(maximum)
      const { values, counts } = distribution ?? { values: [minimum], counts: [sampleCount] }
      return values.flatMap((value, index) => Array.from({ length: counts[index] ?? 0 }, () => value))
    })
    .toSorted((a, b) => a - b)

function checkParts(values: readonly number[]): readonly Gathered[] {
  const parts = seriesOf(values).gathered()
  expect(samplesIn(parts)).toEqual(values.toSorted((a, b) => a - b))
  for (const part of parts) {
    const own = samplesIn([part])
    const sum = own.reduce((total, value) => total + value, 0)
    expect(part.statistics).toEqual({ sampleCount: own.length, sum, minimum: own[0], maximum: own.at(-1) })
  }
  return parts
}

test('whatever values come, every one of them can be told', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (values) => {
      checkParts(values)
    }),
  )
})

test('a value that came so many times is told like so many single ones', () => {
  const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 })))
  fc.assert(
    fc.property(runs, (given) => {
      const series = new Series(metric, {})
      for (const [value, times] of given) series.add(value, { mayGrow: true, times })
      const single = seriesOf(given.flatMap(([value, times]) => Array.from({ length: times }, () => value)))
      expect(series.gathered()).toEqual(single.gathered())
      expect(series.values).toBe(single.values)
    }),
  )
})

test('more different values than a point holds make another one', () => {
  const parts = checkParts(Array.from({ length: 2 * MAX_POINT_VALUES + 50 }, (_, index) => (index * 7) % 1_000))
  expect(parts.map(({ distribution }) => distribution?.values.length)).toEqual([MAX_POINT_VALUES, MAX_POINT_VALUES, 50])
})

test('one value, however often, takes no room', () => {
  const series = seriesOf(Array.from({ length: 1_000 }, () => 1))
  expect(series.values).toBe(0)
  expect(series.gathered()).toEqual([{ statistics: { sampleCount: 1_000, sum: 1_000, minimum: 1, maximum: 1 } }])
})

test('without room for more values the sums go on, and how the values are distributed is not told any more', () => {
  const series = seriesOf([1, 2, 3, 4, 2], (index) => index !== 2)
  expect(series.gathered()).toEqual([{ statistics: { sampleCount: 5, sum: 12, minimum: 1, maximum: 4 } }])
  expect(series.values).toBe(0)
})

test('room that comes later does not bring back what was not held', () => {
  expect(seriesOf([1, 2, 3, 1, 2], (index) => index !== 2).gathered()).toEqual([
    { statistics: { sampleCount: 5, sum: 9, minimum: 1, maximum: 3 } },
  ])
})

test('without a sample there is nothing', () => {
  expect(seriesOf([]).gathered()).toEqual([])
})
