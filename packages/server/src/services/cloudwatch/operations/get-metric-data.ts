import type { CallContext } from '#kernel/call.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_PAGE_POINTS, QUERIES_AT_ONCE } from '#services/cloudwatch/limits.ts'
import { readToken } from '#services/cloudwatch/paging.ts'
import { type Input, type Query, checkQueries } from '#services/cloudwatch/queries/check-queries.ts'
import { Evaluation } from '#services/cloudwatch/queries/evaluation.ts'
import { labelOf } from '#services/cloudwatch/queries/label.ts'
import { type Position, type Slice, positionText, readPosition, slicesOf } from '#services/cloudwatch/queries/page.ts'
import type { CloudwatchHandler, CloudwatchOutput } from '#services/cloudwatch/types.ts'

type Output = CloudwatchOutput<'GetMetricData'>
type Result = NonNullable<Output['MetricDataResults']>[number]

const TIMEZONE = /^[+-]\d{4}$/

/** Metrics and metric math; a page holds so many datapoints, series after series in the order of the queries. */
export const getMetricData =
  ({ journal, tokens }: CloudwatchDeps): CloudwatchHandler<'GetMetricData'> =>
  async (input, ctx) => {
    const { NextToken, MaxDatapoints: most = MAX_PAGE_POINTS, ...parameters } = input
    const queries = checkQueries(input, ctx)
    if (most < 1 || most > MAX_PAGE_POINTS) throw cloudwatchErrors.badValue('MaxDatapoints', most)
    const timezone = input.LabelOptions?.Timezone
    if (timezone !== undefined && !TIMEZONE.test(timezone))
      throw cloudwatchErrors.badValue('LabelOptions.Timezone', timezone)
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const start: Position =
      NextToken === undefined
        ? { query: 0, series: 0 }
        : readPosition(readToken(tokens, 'GetMetricData', scope, NextToken))
    const evaluation = new Evaluation(queries, { from: input.StartTime, to: input.EndTime })
    const load = (ids: readonly string[]): Promise<void> => evaluation.load(ids, journal, ctx)
    const { results, next } = await page(queries, evaluation, load, { start, most, input, ctx })
    return {
      MetricDataResults: results,
      Messages: [],
      ...(next === undefined ? {} : { NextToken: tokens.issue('GetMetricData', scope, positionText(next)) }),
    }
  }

interface Asked {
  readonly start: Position
  readonly most: number
  readonly input: Input
  readonly ctx: CallContext
}

async function page(
  queries: ReadonlyMap<string, Query>,
  evaluation: Evaluation,
  load: (ids: readonly string[]) => Promise<void>,
  { start, most, input, ctx }: Asked,
): Promise<{ readonly results: readonly Result[]; readonly next?: Position }> {
  const returned = [...queries.values()].filter(({ isReturned }) => isReturned)
  const newestFirst = input.ScanBy !== 'TimestampAscending'
  const results: Result[] = []
  let room = most
  for (let first = start.query; first < returned.length; first += QUERIES_AT_ONCE) {
    const some = returned.slice(first, first + QUERIES_AT_ONCE)
    await load(some.map(({ id }) => id))
    for (const [offset, query] of some.entries()) {
      const index = first + offset
      const from = index === start.query ? start : { query: index, series: 0 }
      const { slices, next } = slicesOf(evaluation.seriesOf(query.id), room, from, newestFirst)
      results.push(...slices.map((slice) => resultOf(query, slice, input, ctx)))
      if (next !== undefined) return { results, next }
      room -= slices.reduce((sum, { values }) => sum + values.length, 0)
    }
  }
  return { results }
}

const resultOf = (
  query: Query,
  { series, timestamps, values, isCut }: Slice,
  input: Input,
  ctx: CallContext,
): Result => ({
  Id: query.id,
  Label: labelOf(query, series, ctx, input.LabelOptions?.Timezone),
  Timestamps: timestamps,
  Values: values,
  StatusCode: isCut ? 'PartialData' : 'Complete',
})
