import { type Alarm, alarmView } from '#services/cloudwatch/alarms/alarm.ts'
import { dimensionsOf } from '#services/cloudwatch/data/dimensions.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import type { CloudwatchHandler, CloudwatchInput } from '#services/cloudwatch/types.ts'

type Input = CloudwatchInput<'DescribeAlarmsForMetric'>

/** The alarms on one metric; those on expressions are not among them, whatever they are made of. */
export const describeAlarmsForMetric =
  ({ alarms }: Pick<CloudwatchDeps, 'alarms'>): CloudwatchHandler<'DescribeAlarmsForMetric'> =>
  async (input, ctx) => {
    const found: Alarm[] = []
    for await (const alarm of alarms.list(ctx)) if (watches(alarm, input)) found.push(alarm)
    return { MetricAlarms: found.map(alarmView) }
  }

function watches({ settings }: Alarm, input: Input): boolean {
  const isSame = (name: 'Statistic' | 'ExtendedStatistic' | 'Period' | 'Unit'): boolean =>
    input[name] === undefined || settings[name] === input[name]
  return (
    settings.MetricName === input.MetricName &&
    settings.Namespace === input.Namespace &&
    dimensionKey(settings.Dimensions) === dimensionKey(input.Dimensions) &&
    isSame('Statistic') &&
    isSame('ExtendedStatistic') &&
    isSame('Period') &&
    isSame('Unit')
  )
}

const dimensionKey = (dimensions: Input['Dimensions']): string =>
  JSON.stringify(Object.entries(dimensionsOf(dimensions)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
