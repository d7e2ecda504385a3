import type { AlarmSettings } from '#services/cloudwatch/alarms/alarm.ts'
import { isAlarmName } from '#services/cloudwatch/alarms/alarm.ts'
import { checkActions } from '#services/cloudwatch/alarms/action-arn.ts'
import { isComparison } from '#services/cloudwatch/alarms/comparison.ts'
import { checkAlarmMetric, checkAlarmQueries } from '#services/cloudwatch/alarms/watched.ts'
import { TREATMENTS } from '#services/cloudwatch/alarms/verdict.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_ALARM_SECONDS, MAX_LONG_ALARM_SECONDS } from '#services/cloudwatch/limits.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'

type Given = CloudwatchInput<'PutMetricAlarm'>

const HOUR_SECONDS = 3_600
const LOW_SAMPLES: ReadonlySet<string> = new Set(['evaluate', 'ignore'])

/**
 * The settings of an alarm, with what they leave out.
 * @throws AwsError for the first thing that is wrong
 */
export function checkAlarm(given: Given, place: { readonly account: string; readonly region: string }): AlarmSettings {
  const { AlarmName, Tags: _, ...settings } = given
  if (!isAlarmName(AlarmName)) throw cloudwatchErrors.badValue('AlarmName', AlarmName)
  refuseUnbuilt(given)
  const { ActionsEnabled = true, AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = given
  checkActions([...AlarmActions, ...OKActions, ...InsufficientDataActions], place.region)
  const required = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw cloudwatchErrors.required(name)
    return value
  }
  const ComparisonOperator = required('ComparisonOperator', given.ComparisonOperator)
  const EvaluationPeriods = required('EvaluationPeriods', given.EvaluationPeriods)
  const Threshold = required('Threshold', given.Threshold)
  if (!Number.isFinite(Threshold)) throw cloudwatchErrors.badValue('Threshold', Threshold)
  const period =
    given.Metrics === undefined ? checkAlarmMetric(given) : checkAlarmQueries(given, given.Metrics, place.account)
  checkSpan(period, EvaluationPeriods)
  if ((given.DatapointsToAlarm ?? 1) > EvaluationPeriods)
    throw cloudwatchErrors.validation('DatapointsToAlarm must be less than or equal to EvaluationPeriods.')
  checkTreatment(given)
  return {
    ...settings,
    ComparisonOperator,
    EvaluationPeriods,
    Threshold,
    ActionsEnabled,
    AlarmActions,
    OKActions,
    InsufficientDataActions,
  }
}

function refuseUnbuilt(given: Given): void {
  if (
    given.EvaluationCriteria !== undefined ||
    given.EvaluationInterval !== undefined ||
    given.EvaluationWindow !== undefined
  )
    throw cloudwatchErrors.notBuilt('An alarm on a PromQL query')
  if (
    given.ThresholdMetricId !== undefined ||
    (given.ComparisonOperator !== undefined && !isComparison(given.ComparisonOperator))
  )
    throw cloudwatchErrors.notBuilt('An alarm on an anomaly detection band')
}

/** How far back an alarm may look. */
function checkSpan(period: number, evaluated: number): void {
  const isLong = period >= HOUR_SECONDS
  const most = isLong ? MAX_LONG_ALARM_SECONDS : MAX_ALARM_SECONDS
  if (period * evaluated > most)
    throw cloudwatchErrors.validation(
      `Metrics cannot be checked across more than ${isLong ? 'a week' : 'a day'} (EvaluationPeriods * Period must be <= ${String(most)}).`,
    )
}

function checkTreatment({ TreatMissingData, EvaluateLowSampleCountPercentile: low, ExtendedStatistic }: Given): void {
  if (TreatMissingData !== undefined && !TREATMENTS.some((known) => known === TreatMissingData))
    throw cloudwatchErrors.badValue('TreatMissingData', TreatMissingData)
  if (low === undefined) return
  if (!LOW_SAMPLES.has(low)) throw cloudwatchErrors.badValue('EvaluateLowSampleCountPercentile', low)
  if (ExtendedStatistic === undefined)
    throw cloudwatchErrors.invalidCombination(
      'The parameter EvaluateLowSampleCountPercentile can only be used with an ExtendedStatistic that is a percentile.',
    )
}
