import { checkDimensions, dimensionsOf } from '#services/cloudwatch/data/dimensions.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import type { AlarmSettings } from '#services/cloudwatch/alarms/alarm.ts'
import { MAX_ALARM_QUERIES } from '#services/cloudwatch/limits.ts'
import { type GivenQuery, type Query, queriesOf } from '#services/cloudwatch/queries/check-queries.ts'
import { type Statistic, parseStatistic } from '#services/cloudwatch/statistics/statistic.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'
import type { MetricIdentity } from '#stores/journals/metric-journal.ts'

type Given = CloudwatchInput<'PutMetricAlarm'>

const SHORT_PERIODS: ReadonlySet<number> = new Set([10, 20, 30])
/** What an alarm on one metric has, and one on several has in its queries. */
const OF_ONE_METRIC = [
  'MetricName',
  'Namespace',
  'Dimensions',
  'Period',
  'Unit',
  'Statistic',
  'ExtendedStatistic',
] as const

/** What an alarm watches. */
export type Watched =
  | (MetricIdentity & {
      readonly kind: 'metric'
      readonly statistic: Statistic
      /** As it was written. */
      readonly stat: string
      readonly unit: string | undefined
      /** Milliseconds. */
      readonly period: number
    })
  | {
      readonly kind: 'queries'
      readonly queries: ReadonlyMap<string, Query>
      /** The id of the query whose values are judged. */
      readonly judged: string
      /** Milliseconds. */
      readonly period: number
    }

/** Reads what an alarm with checked settings watches. */
export function watchedBy(settings: AlarmSettings, account: string): Watched {
  if (settings.Metrics !== undefined) return queriesWatched(settings.Metrics, account)
  const { Namespace = '', MetricName = '', Dimensions, Unit, Period = 60, Statistic, ExtendedStatistic } = settings
  const stat = Statistic ?? ExtendedStatistic ?? ''
  return {
    kind: 'metric',
    namespace: Namespace,
    metricName: MetricName,
    dimensions: dimensionsOf(Dimensions),
    statistic: parseStatistic(stat) ?? { kind: 'simple', name: 'Average' },
    stat,
    unit: Unit,
    period: Period * 1_000,
  }
}

/** @returns its period in seconds @throws AwsError for the first thing that is wrong with an alarm on one metric */
export function checkAlarmMetric(given: Given): number {
  const { MetricName, Namespace, Period, Statistic, ExtendedStatistic, Dimensions = [] } = given
  if (MetricName === undefined) throw cloudwatchErrors.required('MetricName')
  if (MetricName.trim() === '') throw cloudwatchErrors.badValue('MetricName', MetricName)
  if (Namespace === undefined) throw cloudwatchErrors.required('Namespace')
  if (Period === undefined) throw cloudwatchErrors.required('Period')
  if (Statistic !== undefined && ExtendedStatistic !== undefined)
    throw cloudwatchErrors.exclusive('Statistic', 'ExtendedStatistic')
  if (Statistic === undefined && ExtendedStatistic === undefined)
    throw cloudwatchErrors.missing('Must specify either Statistic or ExtendedStatistic')
  if (ExtendedStatistic !== undefined && (parseStatistic(ExtendedStatistic)?.kind ?? 'simple') === 'simple')
    throw cloudwatchErrors.badValue('ExtendedStatistic', ExtendedStatistic)
  checkDimensions(Dimensions)
  checkAlarmPeriod('Period', Period)
  return Period
}

/** @returns its period in seconds @throws AwsError for the first thing that is wrong with an alarm on queries */
export function checkAlarmQueries(given: Given, metrics: readonly GivenQuery[], account: string): number {
  const extra = OF_ONE_METRIC.find((name) => given[name] !== undefined)
  if (extra !== undefined) throw cloudwatchErrors.exclusive('Metrics', extra)
  return queriesWatched(metrics, account).period / 1_000
}

function queriesWatched(given: readonly GivenQuery[], account: string): Extract<Watched, { kind: 'queries' }> {
  const queries = queriesOf(given, { list: 'Metrics', most: MAX_ALARM_QUERIES, account })
  const [judged, ...others] = [...queries.values()].filter(({ isReturned }) => isReturned)
  if (judged === undefined || others.length > 0)
    throw cloudwatchErrors.validation('Exactly one element of the metrics list should return data.')
  const periods = new Set([...queries.values()].flatMap((query) => (query.kind === 'metric' ? [query.period] : [])))
  const [period] = periods
  if (period === undefined) throw cloudwatchErrors.validation('The metrics list must contain at least one metric.')
  if (periods.size > 1) throw cloudwatchErrors.validation('All metrics of the metrics list must have the same period.')
  checkAlarmPeriod('Period', period / 1_000)
  return { kind: 'queries', queries, judged: judged.id, period }
}

function checkAlarmPeriod(name: string, seconds: number): void {
  if (seconds % 60 !== 0 && !SHORT_PERIODS.has(seconds))
    throw cloudwatchErrors.invalidValue(`The parameter ${name} must be 10, 20, 30 or a multiple of 60.`)
}
