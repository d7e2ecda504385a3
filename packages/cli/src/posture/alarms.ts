import type { AlarmFacts, BrokerFacts } from '#cli/posture/facts.ts'
import { type Finding, aws, terraformName } from '#cli/posture/finding.ts'

const NAMESPACE = 'AWS/AmazonMQ'
/** Percent of the heap beyond which a broker soon stops taking messages. */
const HEAP_PERCENT = 80

/** Does anybody hear of it when this broker is in trouble? Nothing is said when the alarms could not be read. */
export function alarmFindings(
  { brokerName, engineType }: BrokerFacts,
  alarms: readonly AlarmFacts[] | undefined,
  region: string,
): readonly Finding[] {
  if (alarms === undefined) return []
  const isOwn = ({ namespace, dimensions }: AlarmFacts): boolean =>
    namespace === NAMESPACE && dimensions.some(({ name, value }) => name === 'Broker' && isNamed(value, brokerName))
  if (alarms.some(isOwn)) return []
  const isActive = engineType.toUpperCase() === 'ACTIVEMQ'
  const alarm = {
    name: `${brokerName}-${isActive ? 'heap' : 'cpu'}`,
    metric: isActive ? 'HeapUsage' : 'SystemCpuUtilization',
    dimension: isActive ? `${brokerName}-1` : brokerName,
  }
  return [
    {
      title: 'No alarm watches its metrics',
      detail: 'One on its memory is the least; add --alarm-actions for whoever is to hear of it.',
      commands: [
        aws(
          region,
          'cloudwatch put-metric-alarm --alarm-name',
          alarm.name,
          `--namespace ${NAMESPACE} --metric-name ${alarm.metric} --dimensions Name=Broker,Value=${alarm.dimension}`,
          `--statistic Average --period 300 --evaluation-periods 2 --threshold ${String(HEAP_PERCENT)}`,
          '--comparison-operator GreaterThanThreshold',
        ),
      ],
      blocks: [
        [
          `resource "aws_cloudwatch_metric_alarm" "${terraformName(alarm.name)}" {`,
          `  alarm_name          = "${alarm.name}"`,
          `  namespace           = "${NAMESPACE}"`,
          `  metric_name         = "${alarm.metric}"`,
          `  dimensions          = { Broker = "${alarm.dimension}" }`,
          '  statistic           = "Average"',
          '  period              = 300',
          '  evaluation_periods  = 2',
          `  threshold           = ${String(HEAP_PERCENT)}`,
          '  comparison_operator = "GreaterThanThreshold"',
          '}',
        ].join('\n'),
      ],
    },
  ]
}

/** The broker itself, or one of its instances: `orders`, `orders-1`, `orders-2`. */
const isNamed = (value: string, brokerName: string): boolean =>
  value === brokerName || value === `${brokerName}-1` || value === `${brokerName}-2`
