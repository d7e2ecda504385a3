import type { CallContext } from '#kernel/call.ts'
import { dimensionsOf } from '#services/cloudwatch/data/dimensions.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_STATISTICS_POINTS } from '#services/cloudwatch/limits.ts'
import { calculate } from '#services/cloudwatch/statistics/calculate.ts'
import { type Statistic, needsDistribution, parseStatistic } from '#services/cloudwatch/statistics/statistic.ts'
import { answeredRange, checkPeriod } from '#services/cloudwatch/statistics/time-range.ts'
import type { CloudwatchHandler, CloudwatchInput, CloudwatchOutput } from '#services/cloudwatch/types.ts'
import type { MetricPeriod } from '#stores/journals/metric-journal.ts'

type Input = CloudwatchInput<'GetMetricStatistics'>
type Datapoint = NonNullable<CloudwatchOutput<'GetMetricStatistics'>['Datapoints']>[number]

interface Named {
  readonly name: string
  readonly statistic: Statistic
}

/** Statistics of one metric by period; a datapoint for each unit that was reported. */
export const getMetricStatistics =
  ({ journal }: Pick<CloudwatchDeps, 'journal'>): CloudwatchHandler<'GetMetricStatistics'> =>
  async (input, ctx) => {
    const statistics = readStatistics(input)
    const range = readRange(input, ctx)
    if (range === undefined) return { Label: input.MetricName, Datapoints: [] }
    const query = {
      account: ctx.account,
      region: ctx.region,
      namespace: input.Namespace,
      metricName: input.MetricName,
      dimensions: dimensionsOf(input.Dimensions),
      ...(input.Unit === undefined ? {} : { unit: input.Unit }),
      ...range,
      period: input.Period * 1_000,
      distribution: statistics.some(({ statistic }) => needsDistribution(statistic)),
    }
    const [periods = []] = await journal.statistics([query], ctx.signal)
    return { Label: input.MetricName, Datapoints: periods.flatMap((period) => datapoint(period, statistics)) }
  }

function readStatistics({ Statistics = [], ExtendedStatistics = [] }: Input): readonly Named[] {
  if (Statistics.length > 0 && ExtendedStatistics.length > 0)
    throw cloudwatchErrors.exclusive('Statistics', 'ExtendedStatistics')
  if (Statistics.length === 0 && ExtendedStatistics.length === 0)
    throw cloudwatchErrors.missing('Must specify either Statistics or ExtendedStatistics')
  return [...Statistics, ...ExtendedStatistics].map((name) => {
    const statistic = parseStatistic(name)
    if (statistic === undefined || (ExtendedStatistics.length > 0 && statistic.kind === 'simple'))
      throw cloudwatchErrors.badValue('ExtendedStatistics', name)
    return { name, statistic }
  })
}

function readRange({ StartTime: start, EndTime: end, Period }: Input, { now }: CallContext) {
  checkPeriod('Period', Period)
  if (start >= end) throw cloudwatchErrors.startNotBeforeEnd()
  const period = Period * 1_000
  const asked = Math.ceil((end - start) / period)
  if (asked > MAX_STATISTICS_POINTS) throw cloudwatchErrors.tooManyDatapoints(asked, MAX_STATISTICS_POINTS)
  return answeredRange({ start, end, period }, now)
}

/** None when not one of the statistics can be told. */
function datapoint(period: MetricPeriod, statistics: readonly Named[]): readonly Datapoint[] {
  const simple: Record<string, number> = {}
  const extended: Record<string, number> = {}
  for (const { name, statistic } of statistics) {
    const value = calculate(statistic, period)
    if (value !== undefined) (statistic.kind === 'simple' ? simple : extended)[name] = value
  }
  const hasExtended = Object.keys(extended).length > 0
  if (!hasExtended && Object.keys(simple).length === 0) return []
  return [
    {
      Timestamp: period.start,
      ...simple,
      ...(hasExtended ? { ExtendedStatistics: extended } : {}),
      Unit: period.unit as NonNullable<Datapoint['Unit']>,
    },
  ]
}
