import type { Datapoint } from '#services/cloudwatch/alarms/verdict.ts'
import type { Watched } from '#services/cloudwatch/alarms/watched.ts'
import type { Window } from '#services/cloudwatch/alarms/window.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { Evaluation } from '#services/cloudwatch/queries/evaluation.ts'
import type { PeriodSource, Reader } from '#services/cloudwatch/queries/read-series.ts'
import { calculate } from '#services/cloudwatch/statistics/calculate.ts'
import { mergeUnits } from '#services/cloudwatch/statistics/merge-units.ts'
import { needsDistribution } from '#services/cloudwatch/statistics/statistic.ts'

/**
 * The datapoints of a window, oldest first; `undefined` for a period that has none.
 * @throws AwsError when what an alarm watches cannot be worked out
 */
export async function datapointsOf(
  watched: Watched,
  window: Window,
  source: PeriodSource,
  reader: Reader,
): Promise<readonly (Datapoint | undefined)[]> {
  const found =
    watched.kind === 'metric'
      ? await ofMetric(watched, window, source, reader)
      : await ofQueries(watched, window, source, reader)
  const byTime = new Map(found.map((point) => [point.at, point]))
  const periods = Math.round((window.to - window.from) / watched.period)
  return Array.from({ length: periods }, (_, index) => byTime.get(window.from + index * watched.period))
}

async function ofMetric(
  { namespace, metricName, dimensions, unit, period, statistic }: Extract<Watched, { kind: 'metric' }>,
  window: Window,
  source: PeriodSource,
  { account, region, signal }: Reader,
): Promise<readonly Datapoint[]> {
  const metric = { account, region, namespace, metricName, dimensions, ...(unit === undefined ? {} : { unit }) }
  const query = { ...metric, ...window, period, distribution: needsDistribution(statistic) }
  const [periods = []] = await source.statistics([query], signal)
  return mergeUnits(periods).flatMap((known) => {
    const value = calculate(statistic, known)
    return value === undefined ? [] : [{ at: known.start, value, sampleCount: known.statistics.sampleCount }]
  })
}

async function ofQueries(
  { queries, judged }: Extract<Watched, { kind: 'queries' }>,
  window: Window,
  source: PeriodSource,
  reader: Reader,
): Promise<readonly Datapoint[]> {
  const evaluation = new Evaluation(queries, window)
  await evaluation.load([judged], source, reader)
  const [series, ...others] = evaluation.seriesOf(judged)
  if (series === undefined || others.length > 0)
    throw cloudwatchErrors.expression(judged, 'An alarm watches one time series')
  return [...series.points].map(([at, value]) => ({ at, value }))
}
