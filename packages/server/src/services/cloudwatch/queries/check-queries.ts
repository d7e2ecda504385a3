import type { CallContext } from '#kernel/call.ts'
import { dimensionsOf } from '#services/cloudwatch/data/dimensions.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_QUERIES } from '#services/cloudwatch/limits.ts'
import { type Node, parseExpression } from '#services/cloudwatch/math/parse.ts'
import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import { type Statistic, parseStatistic } from '#services/cloudwatch/statistics/statistic.ts'
import { checkPeriod } from '#services/cloudwatch/statistics/time-range.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import type { MetricIdentity } from '#stores/journals/metric-journal.ts'

export type Input = CloudwatchInput<'GetMetricData'>
export type GivenQuery = Input['MetricDataQueries'][number]

interface CommonQuery {
  readonly id: string
  /** As it was given. */
  readonly label: string | undefined
  readonly isReturned: boolean
}

export interface MetricDataQuery extends CommonQuery, MetricIdentity {
  readonly kind: 'metric'
  readonly statistic: Statistic
  /** The statistic as it was written. */
  readonly stat: string
  /** Milliseconds. */
  readonly period: number
  readonly unit: string | undefined
}

export interface ExpressionQuery extends CommonQuery {
  readonly kind: 'expression'
  readonly expression: Node
}

export type Query = MetricDataQuery | ExpressionQuery

const ID = /^[a-z][a-zA-Z0-9_]*$/
/** The beginning of a Metrics Insights query. */
const INSIGHTS = /^\s*SELECT\s/i

/**
 * The queries of a GetMetricData, by their ids and in their order.
 * @throws AwsError for the first thing that is wrong
 */
export function checkQueries(input: Input, { account }: Pick<CallContext, 'account'>): ReadonlyMap<string, Query> {
  const given = input.MetricDataQueries
  if (input.StartTime >= input.EndTime)
    throw cloudwatchErrors.validation('The parameter StartTime must be less than the parameter EndTime.')
  const queries = queriesOf(given, { list: 'MetricDataQueries', most: MAX_QUERIES, account })
  if ([...queries.values()].every(({ isReturned }) => !isReturned))
    throw cloudwatchErrors.validation('At least one of the MetricDataQueries must have ReturnData set to true.')
  return queries
}

/**
 * Reads the queries of a parameter, by their ids and in their order.
 * @throws AwsError for the first thing that is wrong
 */
export function queriesOf(
  given: readonly GivenQuery[],
  { list, most, account }: { readonly list: string; readonly most: number; readonly account: string },
): ReadonlyMap<string, Query> {
  if (given.length === 0) throw cloudwatchErrors.validation(`The parameter ${list} is required.`)
  if (given.length > most)
    throw cloudwatchErrors.validation(`The collection ${list} must not have a size greater than ${String(most)}.`)
  const queries = new Map<string, Query>()
  for (const [index, query] of given.entries()) {
    const where = `${list}.member.${String(index + 1)}`
    if (!ID.test(query.Id))
      throw cloudwatchErrors.validation(
        `The value ${query.Id} for parameter ${where}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      )
    if (queries.has(query.Id))
      throw cloudwatchErrors.validation(`The values for parameter Id in ${list} are not unique.`)
    queries.set(query.Id, queryOf(query, where, account))
  }
  return queries
}

function queryOf(given: GivenQuery, where: string, account: string): Query {
  const { Id: id, Label: label, ReturnData: isReturned = true, MetricStat: metric, Expression: text } = given
  if ((given.AccountId ?? account) !== account)
    throw cloudwatchErrors.notBuilt('Reading the metrics of another account')
  if ((metric === undefined) === (text === undefined))
    throw cloudwatchErrors.validation(
      `Exactly one of the parameters ${where}.MetricStat and ${where}.Expression must be specified.`,
    )
  if (given.Period !== undefined) checkPeriod(`${where}.Period`, given.Period)
  const common = { id, label, isReturned }
  if (text !== undefined) return { ...common, kind: 'expression', expression: expressionOf(id, text) }
  return { ...common, ...metricOf(metric as NonNullable<typeof metric>, where) }
}

function expressionOf(id: string, text: string): Node {
  if (INSIGHTS.test(text)) throw cloudwatchErrors.notBuilt('Metrics Insights')
  try {
    return parseExpression(text)
  } catch (error) {
    if (error instanceof BadExpression) throw cloudwatchErrors.expression(id, error.message)
    throw error
  }
}

function metricOf(
  { Metric, Period, Stat, Unit }: NonNullable<GivenQuery['MetricStat']>,
  where: string,
): Omit<MetricDataQuery, keyof CommonQuery> {
  const { Namespace: namespace, MetricName: metricName } = Metric
  if (namespace === undefined) throw cloudwatchErrors.required(`${where}.MetricStat.Metric.Namespace`)
  if (metricName === undefined) throw cloudwatchErrors.required(`${where}.MetricStat.Metric.MetricName`)
  checkPeriod(`${where}.MetricStat.Period`, Period)
  const statistic = parseStatistic(Stat)
  if (statistic === undefined) throw cloudwatchErrors.badValue(`${where}.MetricStat.Stat`, Stat)
  return {
    kind: 'metric',
    namespace,
    metricName,
    dimensions: dimensionsOf(Metric.Dimensions),
    statistic,
    stat: Stat,
    period: Period * 1_000,
    unit: Unit,
  }
}
