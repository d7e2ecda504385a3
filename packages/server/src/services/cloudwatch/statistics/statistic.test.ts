import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calculate } from '#services/cloudwatch/statistics/calculate.ts'
import { mergeUnits } from '#services/cloudwatch/statistics/merge-units.ts'
import { needsDistribution, parseStatistic } from '#services/cloudwatch/statistics/statistic.ts'
import { answeredRange, checkPeriod } from '#services/cloudwatch/statistics/time-range.ts'
import type { MetricPeriod } from '#stores/journals/metric-journal.ts'

const periodOf = (values: readonly number[], counts: readonly number[] = values.map(() => 1)): MetricPeriod => ({
  start: 0,
  unit: 'None',
  statistics: {
    sampleCount: counts.reduce((a, b) => a + b, 0),
    sum: values.reduce((sum, value, index) => sum + value * (counts[index] ?? 0), 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  },
  distribution: { values, counts },
})
const ofTen = periodOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
const told = (name: string, period: MetricPeriod = ofTen): number | undefined => {
  const statistic = parseStatistic(name)
  if (statistic === undefined) throw new Error(`${name} is no statistic`)
  return calculate(statistic, period)
}

test.each([
  ['Sum', 55],
  ['Average', 5.5],
  ['SampleCount', 10],
  ['Minimum', 1],
  ['Maximum', 10],
  ['p0', 1],
  ['p10', 1],
  ['p10.1', 2],
  ['p50', 5],
  ['p99.9', 10],
  ['p100', 10],
  ['tm90', 5],
  ['TM(10%:90%)', 5.5],
  ['tm(:90%)', 5],
  ['TM(80%:)', 9.5],
  ['TM(2:5)', 4],
  ['TM(:3)', 2],
  ['tm5', 1],
  ['IQM', 5.5],
  ['tc90', 9],
  ['TC(5:)', 5],
  ['ts90', 45],
  ['TS(8:)', 19],
  ['wm80', 5.2],
  ['WM(20%:80%)', 5.3],
  ['WM(3:8)', 5.5],
  ['PR(:3)', 30],
  ['PR(3:5)', 20],
  ['pr(9:)', 10],
] as const)('%s of one to ten is %d', (name, want) => {
  expect(told(name)).toBeCloseTo(want, 10)
})

test.each([
  '',
  'sum',
  'p',
  'p101',
  'p1e1',
  'P-1',
  'tm',
  'TM()',
  'TM(:)',
  'TM(1:20%)',
  'TM(90%:10%)',
  'TM(5:2)',
  'PR(10%:20%)',
  'TM(10%:110%)',
  'xx90',
  'p5 ',
])('%j is no statistic', (name) => {
  expect(parseStatistic(name)).toBeUndefined()
})

test('only the five statistics of a set need no distribution', () => {
  const needs = (name: string): boolean | undefined => {
    const statistic = parseStatistic(name)
    return statistic && needsDistribution(statistic)
  }
  expect(['Sum', 'Average', 'p50', 'IQM', 'PR(:3)'].map(needs)).toEqual([false, false, true, true, true])
})

test('what needs a distribution cannot be told without one, nor with a negative value', () => {
  const { distribution: _unknown, ...set } = ofTen
  const negative = periodOf([-1, 2])
  for (const name of ['p50', 'tm90', 'PR(:3)', 'wm90']) {
    expect(told(name, set)).toBeUndefined()
    expect(told(name, negative)).toBeUndefined()
  }
  expect([told('Sum', set), told('Minimum', negative)]).toEqual([55, -1])
})

test('no sample between two values has no mean', () => {
  expect([told('TM(20:30)'), told('TC(20:30)'), told('TS(20:30)'), told('PR(20:30)')]).toEqual([undefined, 0, 0, 0])
})

const samples = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 })
const share = fc.integer({ min: 0, max: 100 })

test('a percentile is the least value that so many samples do not exceed, however samples are bundled', () => {
  fc.assert(
    fc.property(samples, share, (given, percent) => {
      const sorted = given.toSorted((a, b) => a - b)
      const values = [...new Set(sorted)]
      const period = periodOf(
        values,
        values.map((value) => sorted.filter((each) => each === value).length),
      )
      const want = values.find(
        (value) => sorted.filter((each) => each <= value).length >= (percent / 100) * sorted.length,
      )
      expect(told(`p${String(percent)}`, period)).toBe(want)
    }),
    { seed: 1 },
  )
})

test('trimmed means lie between the least and the most, and all of the samples give the average', () => {
  fc.assert(
    fc.property(samples, share, share, (given, a, b) => {
      const period = periodOf(given.toSorted((x, y) => x - y))
      const { minimum, maximum } = period.statistics
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      for (const kind of ['TM', 'WM']) {
        const value = told(`${kind}(${String(low)}%:${String(high)}%)`, period)
        if (low === high && kind === 'TM') continue
        expect(value).toBeGreaterThanOrEqual(minimum - 1e-9)
        expect(value).toBeLessThanOrEqual(maximum + 1e-9)
      }
      expect(told('TM(0%:100%)', period)).toBeCloseTo(told('Average', period) ?? Number.NaN, 9)
    }),
    { seed: 2 },
  )
})

test('units of one time are taken together', () => {
  const [a, b, c] = [periodOf([1, 3]), { ...periodOf([3, 4], [2, 1]), unit: 'Bytes' }, { ...periodOf([9]), start: 60 }]
  expect(mergeUnits([a, b, c])).toEqual([{ ...periodOf([1, 3, 4], [1, 3, 1]), unit: 'None' }, c])
  const { distribution: _unknown, ...set } = b
  expect(mergeUnits([a, set])[0]).not.toHaveProperty('distribution')
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const NOW = 1_000 * DAY

test.each([
  { name: 'an hour ago, by the minute', age: 60 * MINUTE, period: MINUTE, step: MINUTE },
  { name: 'an hour ago, by ten seconds', age: 60 * MINUTE, period: 10_000, step: 10_000 },
  { name: 'twenty days ago', age: 20 * DAY, period: 60 * MINUTE, step: 5 * MINUTE },
  { name: 'seventy days ago', age: 70 * DAY, period: DAY, step: 60 * MINUTE },
])('a start $name is rounded down to its step', ({ age, period, step }) => {
  const start = NOW - age + step - 1
  const range = answeredRange({ start, end: NOW, period }, NOW)
  expect(range).toEqual({ from: Math.floor(start / step) * step, to: NOW })
})

test('what is not kept any more is left out by whole periods, and nothing may be left', () => {
  const start = NOW - 20 * DAY
  const range = answeredRange({ start, end: NOW, period: 2 * MINUTE }, NOW)
  expect(range?.from).toBe(NOW - 15 * DAY)
  expect(answeredRange({ start: NOW - 20 * DAY, end: NOW - 16 * DAY, period: MINUTE }, NOW)).toBeUndefined()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 5, 60, 300, 3_600, 86_400), (days, seconds) => {
      const found = answeredRange({ start: NOW - days * DAY, end: NOW, period: seconds * 1_000 }, NOW)
      if (found !== undefined) expect((found.from - (NOW - days * DAY)) % (seconds * 1_000)).toBe(0)
    }),
    { seed: 3 },
  )
})

test('periods are short ones or whole minutes', () => {
  for (const seconds of [1, 5, 10, 20, 30, 60, 86_400]) expect(() => checkPeriod('Period', seconds)).not.toThrow()
  for (const seconds of [2, 15, 61, 90]) expect(() => checkPeriod('Period', seconds)).toThrow('multiple of 60')
})
