import type { CallContext } from '#kernel/call.ts'
import type { Grid } from '#services/cloudwatch/math/fill.ts'
import { type Series, pointsFrom } from '#services/cloudwatch/math/value.ts'
import type { MetricDataQuery } from '#services/cloudwatch/queries/check-queries.ts'
import { calculate } from '#services/cloudwatch/statistics/calculate.ts'
import { mergeUnits } from '#services/cloudwatch/statistics/merge-units.ts'
import { needsDistribution } from '#services/cloudwatch/statistics/statistic.ts'
import { answeredRange } from '#services/cloudwatch/statistics/time-range.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'

/** Whose metrics are read, and when. */
export type Reader = Pick<CallContext, 'account' | 'region' | 'now' | 'signal'>
/** Where they are read. */
export type PeriodSource = Pick<MetricJournal, 'statistics'>

/** Reads metrics as series of one statistic. Without a unit, points of all units are taken together. */
export async function readSeries(
  queries: readonly MetricDataQuery[],
  { from: start, to: end }: Grid,
  journal: PeriodSource,
  { account, region, now, signal }: Reader,
): Promise<readonly Series[]> {
  const asked = queries.flatMap((query) => {
    const range = answeredRange({ start, end, period: query.period }, now)
    const { namespace, metricName, dimensions, period, unit } = query
    const metric = { account, region, namespace, metricName, dimensions, ...(unit === undefined ? {} : { unit }) }
    return range === undefined
      ? []
      : [{ id: query.id, read: { ...metric, ...range, period, distribution: needsDistribution(query.statistic) } }]
  })
  const found = await journal.statistics(
    asked.map(({ read }) => read),
    signal,
  )
  const periodsOf = new Map(asked.map(({ id }, index) => [id, found[index] ?? []]))
  return queries.map(({ id, label, metricName, period, statistic }) => ({
    id,
    label: label ?? metricName,
    period,
    points: pointsFrom(
      mergeUnits(periodsOf.get(id) ?? []).flatMap((known) => {
        const value = calculate(statistic, known)
        return value === undefined ? [] : [[known.start, value] as const]
      }),
    ),
  }))
}
