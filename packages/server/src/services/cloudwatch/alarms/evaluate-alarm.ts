import type { Alarm, AlarmState } from '#services/cloudwatch/alarms/alarm.ts'
import { COMPARISONS, type ComparisonName } from '#services/cloudwatch/alarms/comparison.ts'
import { datapointsOf } from '#services/cloudwatch/alarms/datapoints.ts'
import { type Reasoned, reasonData, reasonText } from '#services/cloudwatch/alarms/reason.ts'
import { type Treatment, type Verdict, judge } from '#services/cloudwatch/alarms/verdict.ts'
import type { Watched } from '#services/cloudwatch/alarms/watched.ts'
import { windowAt } from '#services/cloudwatch/alarms/window.ts'
import type { PeriodSource, Reader } from '#services/cloudwatch/queries/read-series.ts'

/** Samples that a percentile needs beyond its tail to mean anything. @source CloudWatch user guide, percentile-based alarms */
const SIGNIFICANT_SAMPLES = 10

/** How settings are judged. */
function reasonedOf({ settings }: Alarm): Reasoned {
  const { EvaluationPeriods: evaluated, DatapointsToAlarm: needed, Threshold: threshold } = settings
  return {
    comparison: settings.ComparisonOperator as ComparisonName,
    threshold,
    evaluated,
    needed: needed ?? evaluated,
    counts: needed !== undefined,
    treatment: (settings.TreatMissingData ?? 'missing') as Treatment,
  }
}

/**
 * The state into which an alarm goes now; `undefined`: it stays in the one that it is in.
 * @throws AwsError when what it watches cannot be worked out
 */
export async function evaluateAlarm(
  alarm: Alarm,
  watched: Watched,
  source: PeriodSource,
  reader: Reader,
): Promise<AlarmState | undefined> {
  const about = reasonedOf(alarm)
  const window = windowAt({ period: watched.period, evaluated: about.evaluated }, reader.now)
  const range = await datapointsOf(watched, window, source, reader)
  const breaches = (value: number): boolean => COMPARISONS[about.comparison].breaches(value, about.threshold)
  const verdict = judge(range, { ...about, breaches })
  const { state: value } = verdict
  if (value === undefined || value === alarm.state.value || isTooThin(alarm, watched, verdict)) return undefined
  const evidence = {
    queryAt: reader.now,
    range,
    from: window.from,
    period: watched.period,
    statistic: watched.kind === 'metric' ? watched.stat : undefined,
    unit: watched.kind === 'metric' ? watched.unit : undefined,
  }
  return {
    value,
    reason: reasonText(value, verdict, about),
    data: reasonData(verdict, about, evidence),
    at: reader.now,
  }
}

/** Whether a percentile rests on so few samples that the alarm was told to ignore it. */
function isTooThin({ settings }: Alarm, watched: Watched, { used }: Verdict): boolean {
  if (settings.EvaluateLowSampleCountPercentile !== 'ignore') return false
  if (watched.kind !== 'metric' || watched.statistic.kind !== 'percentile') return false
  const { share } = watched.statistic
  const tail = Math.min(share, 1 - share)
  const needed = tail > 0 ? Math.round(SIGNIFICANT_SAMPLES / tail) : 0
  return used.some(({ sampleCount = 0 }) => sampleCount < needed)
}
