import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { type Filling, type Grid, fill } from '#services/cloudwatch/math/fill.ts'
import { applyPlain, isPlain } from '#services/cloudwatch/math/functions.ts'
import { choose, combine, negative } from '#services/cloudwatch/math/operators.ts'
import type { Node } from '#services/cloudwatch/math/parse.ts'
import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import { type Budget, type Series, type Value, list, scalar } from '#services/cloudwatch/math/value.ts'

/** What an expression can refer to. */
export interface Scope {
  /** The value of another query. `undefined`: there is none of this id. */
  readonly valueOf: (id: string) => Value | undefined
  /** The series of all metric queries, in their order. */
  readonly metrics: () => readonly Series[]
  readonly grid: Grid
  readonly budget: Budget
}

/** Functions that CloudWatch has and this version has not. */
const NOT_BUILT: ReadonlySet<string> = new Set([
  'ANOMALY_DETECTION_BAND',
  'DATE',
  'DAY',
  'DB_PERF_INSIGHTS',
  'DIFF_TIME',
  'EPOCH',
  'HOUR',
  'INSIGHT_RULE_METRIC',
  'LAMBDA',
  'MINUTE',
  'MONTH',
  'SEARCH',
  'SERVICE_QUOTA',
  'SLICE',
  'SORT',
  'TIME_SERIES',
  'YEAR',
])

/**
 * @throws BadExpression, and AwsError 501 for functions that are not built
 */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'number':
      return scalar(node.value)
    case 'text':
      throw new BadExpression(`Unexpected ${JSON.stringify(node.value)}`)
    case 'name':
      return named(node.name, scope)
    case 'negative':
      return negative(evaluate(node.of, scope), scope.budget)
    case 'binary':
      return combine(node.operator, evaluate(node.left, scope), evaluate(node.right, scope), scope.budget)
    case 'list':
      return list(node.items.flatMap((item) => seriesIn(evaluate(item, scope))))
    case 'call':
      return call(node.name, node.parameters, scope)
  }
}

function named(name: string, { valueOf }: Scope): Value {
  const value = valueOf(name)
  if (value === undefined) throw new BadExpression(`Undefined variable: ${name}`)
  return value
}

function seriesIn(value: Value): readonly Series[] {
  if (value.kind === 'scalar') throw new BadExpression('An array holds time series, no numbers')
  return value.kind === 'series' ? [value.series] : value.list
}

function call(name: string, parameters: readonly Node[], scope: Scope): Value {
  if (NOT_BUILT.has(name)) throw cloudwatchErrors.notBuilt(`The function ${name} of metric math`)
  const [first, second, third, ...others] = parameters
  const takes = (least: number, most: number): void => {
    if (parameters.length < least || parameters.length > most || others.length > 0)
      throw new BadExpression(
        `${name} takes ${least === most ? String(least) : `${String(least)} to ${String(most)}`} parameters`,
      )
  }
  if (name === 'METRICS') {
    takes(0, 1)
    return metrics(first, scope)
  }
  if (first === undefined) throw new BadExpression(`${name} needs parameters`)
  if (isPlain(name)) {
    takes(1, 1)
    return applyPlain(name, evaluate(first, scope), scope.budget)
  }
  if (name === 'FILL' && second !== undefined) {
    takes(2, 2)
    return filled(evaluate(first, scope), fillingOf(second, scope), scope)
  }
  if (name === 'IF' && second !== undefined) {
    takes(2, 3)
    const otherwise = third === undefined ? undefined : evaluate(third, scope)
    return choose(evaluate(first, scope), evaluate(second, scope), otherwise, scope.budget)
  }
  throw new BadExpression(`Unsupported function ${name} with ${String(parameters.length)} parameters`)
}

/** All metrics of the call, or those whose id holds a text. */
function metrics(filter: Node | undefined, scope: Scope): Value {
  if (filter === undefined) return list(scope.metrics())
  if (filter.kind !== 'text') throw new BadExpression('METRICS takes a text in quotes')
  return list(scope.metrics().filter(({ id }) => id.includes(filter.value)))
}

function fillingOf(node: Node, scope: Scope): Filling {
  if (node.kind === 'name' && (node.name === 'REPEAT' || node.name === 'LINEAR')) return node.name
  const value = evaluate(node, scope)
  if (value.kind !== 'scalar') throw new BadExpression('FILL fills with a number, REPEAT or LINEAR')
  return { value: value.value }
}

function filled(value: Value, filling: Filling, { grid, budget }: Scope): Value {
  if (value.kind === 'scalar') throw new BadExpression('FILL takes time series')
  const one = (of: Series): Series => {
    budget.spend(Math.ceil((grid.to - grid.from) / of.period))
    return { ...of, points: fill(of, filling, grid) }
  }
  return value.kind === 'series' ? { kind: 'series', series: one(value.series) } : list(value.list.map(one))
}
