import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import {
  type Budget,
  type Points,
  type Series,
  type Value,
  byTime,
  list,
  mapPoints,
  pointsFrom,
  scalar,
  series,
} from '#services/cloudwatch/math/value.ts'

/** Each value by itself. */
const EACH: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const averageOf = (values: readonly number[]): number => sumOf(values) / values.length

/** Of a series one number; of several series one series. */
const TOGETHER: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: sumOf,
  AVG: averageOf,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Infinity),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  STDDEV: (values) => {
    const average = averageOf(values)
    return Math.sqrt(averageOf(values.map((value) => (value - average) ** 2)))
  },
  DATAPOINT_COUNT: ({ length }) => length,
}

/** Of the points of a series, and its period in milliseconds, another series. */
const ALONG: Readonly<Record<string, (points: Points) => Points>> = {
  RUNNING_SUM: (points) => {
    let sum = 0
    return mapPoints(points, (value) => (sum += value))
  },
  DIFF: (points) => steps(points, (value, before) => value - before),
  RATE: (points) => steps(points, (value, before, seconds) => (value - before) / seconds),
}

function steps(points: Points, of: (value: number, before: number, seconds: number) => number): Points {
  const known = [...points]
  return pointsFrom(
    known.slice(1).map(([at, value], index) => {
      const [time, before] = known[index] ?? [at, value]
      return [at, of(value, before, (at - time) / 1_000)]
    }),
  )
}

/** Of several series some. */
const AMONG: Readonly<Record<string, (items: readonly Series[]) => readonly Series[]>> = {
  FIRST: (items) => items.slice(0, 1),
  LAST: (items) => items.slice(-1),
  REMOVE_EMPTY: (items) => items.filter(({ points }) => points.size > 0),
}

/** Functions that take one value and nothing else. */
export const isPlain = (name: string): boolean =>
  [EACH, TOGETHER, ALONG, AMONG].some((functions) => Object.hasOwn(functions, name)) ||
  name === 'PERIOD' ||
  name === 'METRIC_COUNT'

/**
 * One of the functions of one value.
 * @throws BadExpression for a value that it does not take
 */
export function applyPlain(name: string, value: Value, budget: Budget): Value {
  const items = itemsOf(value)
  budget.spend(items.reduce((sum, { points }) => sum + points.size, 1))
  const each = EACH[name]
  if (each !== undefined)
    return value.kind === 'scalar' ? scalar(each(value.value)) : alike(value, ({ points }) => mapPoints(points, each))
  const along = ALONG[name]
  if (along !== undefined && value.kind !== 'scalar') return alike(value, ({ points }) => along(points))
  const together = TOGETHER[name]
  if (together !== undefined) return addUp(together, value)
  const among = AMONG[name]
  if (among !== undefined && value.kind === 'list')
    return among === AMONG['REMOVE_EMPTY'] ? list(among(items)) : single(among(items), name)
  if (name === 'PERIOD' && value.kind === 'series') return scalar(value.series.period / 1_000)
  if (name === 'METRIC_COUNT' && value.kind === 'list') return scalar(items.length)
  throw new BadExpression(`${name} does not take a value of this kind`)
}

const itemsOf = (value: Value): readonly Series[] =>
  value.kind === 'list' ? value.list : value.kind === 'series' ? [value.series] : []

function alike(value: Exclude<Value, { readonly kind: 'scalar' }>, of: (one: Series) => Points): Value {
  if (value.kind === 'series') return series(value.series, of(value.series))
  return list(value.list.map((one) => ({ ...one, points: of(one) })))
}

function addUp(together: (values: readonly number[]) => number, value: Value): Value {
  if (value.kind === 'scalar') return scalar(together([value.value]))
  if (value.kind === 'series') return scalar(together([...value.series.points.values()]))
  const [first] = value.list
  if (first === undefined) return list([])
  const points = pointsFrom(byTime(value.list).map(([at, values]) => [at, together(values)]))
  const period = Math.max(...value.list.map((one) => one.period))
  return series({ ...first, period }, points)
}

function single([one]: readonly Series[], name: string): Value {
  if (one === undefined) throw new BadExpression(`${name} has no time series to choose from`)
  return { kind: 'series', series: one }
}
