import { type Alarm, type StateChange, alarmArn } from '#services/cloudwatch/alarms/alarm.ts'
import { dataTime } from '#services/cloudwatch/alarms/written.ts'

/**
 * What an alarm tells a topic.
 * @source CloudWatch user guide and recorded messages; an alarm on an expression has its metrics in Trigger
 */
export function snsMessage({ place, name, settings, configuredAt }: Alarm, { from, to }: StateChange): string {
  return JSON.stringify({
    AlarmName: name,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: place.account,
    AlarmConfigurationUpdatedTimestamp: dataTime(configuredAt),
    NewStateValue: to.value,
    NewStateReason: to.reason,
    StateChangeTime: dataTime(to.at),
    Region: place.region,
    AlarmArn: alarmArn(place, name),
    OldStateValue: from.value,
    OKActions: settings.OKActions,
    AlarmActions: settings.AlarmActions,
    InsufficientDataActions: settings.InsufficientDataActions,
    Trigger: {
      ...triggerOf(settings),
      Period: settings.Period,
      EvaluationPeriods: settings.EvaluationPeriods,
      DatapointsToAlarm: settings.DatapointsToAlarm,
      ComparisonOperator: settings.ComparisonOperator,
      Threshold: settings.Threshold,
      TreatMissingData: settings.TreatMissingData ?? 'missing',
      EvaluateLowSampleCountPercentile: settings.EvaluateLowSampleCountPercentile ?? '',
    },
  })
}

function triggerOf(settings: Alarm['settings']): object {
  if (settings.Metrics !== undefined) return { Metrics: settings.Metrics }
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Unit = null, Dimensions = [] } = settings
  return {
    MetricName,
    Namespace,
    ...(Statistic === undefined
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic }
      : { StatisticType: 'Statistic', Statistic: Statistic.toUpperCase() }),
    Unit,
    Dimensions: Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
  }
}
