import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import {
  type Budget,
  type Series,
  type Value,
  list,
  mapPoints,
  pointsFrom,
  scalar,
  series,
} from '#services/cloudwatch/math/value.ts'

type Operator = (a: number, b: number) => number

const truth = (value: boolean): number => (value ? 1 : 0)
const and: Operator = (a, b) => truth(a !== 0 && b !== 0)
const or: Operator = (a, b) => truth(a !== 0 || b !== 0)

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '&&': and,
  AND: and,
  '||': or,
  OR: or,
}

/**
 * Two values through an operator. Of two series only the times that both have are left.
 * @throws BadExpression for two lists of series
 */
export function combine(sign: string, left: Value, right: Value, budget: Budget): Value {
  const operator = OPERATORS[sign]
  if (operator === undefined) throw new BadExpression(`Unsupported operator ${sign}`)
  if (left.kind === 'list') {
    if (right.kind === 'list')
      throw new BadExpression(`Unsupported operand type(s) for ${sign}: two arrays of time series`)
    return list(left.list.map((one) => combineSeries(operator, one, right, budget)))
  }
  const turned: Operator = (a, b) => operator(b, a)
  if (right.kind === 'list') return list(right.list.map((one) => combineSeries(turned, one, left, budget)))
  if (left.kind === 'series') return { kind: 'series', series: combineSeries(operator, left.series, right, budget) }
  if (right.kind === 'series') return { kind: 'series', series: combineSeries(turned, right.series, left, budget) }
  return scalar(operator(left.value, right.value))
}

function combineSeries(
  operator: Operator,
  one: Series,
  other: Exclude<Value, { readonly kind: 'list' }>,
  budget: Budget,
): Series {
  budget.spend(one.points.size)
  if (other.kind === 'scalar') return { ...one, points: mapPoints(one.points, (value) => operator(value, other.value)) }
  const { points, period } = other.series
  const shared = [...one.points].flatMap(([at, value]) => {
    const second = points.get(at)
    return second === undefined ? [] : [[at, operator(value, second)] as const]
  })
  return { ...one, period: Math.max(one.period, period), points: pointsFrom(shared) }
}

export function negative(value: Value, budget: Budget): Value {
  return combine('*', value, scalar(-1), budget)
}

/**
 * `IF(condition, then, otherwise)`: at each time of the condition one of two values; none, where that has none.
 * @throws BadExpression for lists
 */
export function choose(condition: Value, then: Value, otherwise: Value | undefined, budget: Budget): Value {
  if (condition.kind === 'list' || then.kind === 'list' || otherwise?.kind === 'list')
    throw new BadExpression('IF takes numbers and time series, no arrays')
  if (condition.kind === 'scalar') {
    const chosen = condition.value === 0 ? otherwise : then
    if (chosen === undefined) throw new BadExpression('IF has nothing for a condition that does not hold')
    return chosen
  }
  const { points } = condition.series
  budget.spend(points.size)
  const valueOf = (value: typeof then | undefined, at: number): number | undefined =>
    value === undefined || value.kind === 'scalar' ? value?.value : value.series.points.get(at)
  const chosen = [...points].flatMap(([at, holds]) => {
    const value = valueOf(holds === 0 ? otherwise : then, at)
    return value === undefined ? [] : [[at, value] as const]
  })
  return series(condition.series, pointsFrom(chosen))
}
