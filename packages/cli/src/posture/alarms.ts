import type { AlarmFacts, BrokerFacts, FilterFacts, GroupFacts } from '#cli/posture/facts.ts'
import { type Finding, aws, terraformName } from '#cli/posture/finding.ts'
import { RECOMMENDED, type RecommendedAlarm } from '#cli/posture/recommended-alarms.ts'

const MQ_NAMESPACE = 'AWS/AmazonMQ'
/** Of metrics that are made of log lines. */
const LOG_NAMESPACE = 'LogMetrics/AmazonMQ'

/** What is known of the alarms on a broker; what could not be read is left out, and nothing is said about it. */
export interface Watching {
  readonly alarms: readonly AlarmFacts[] | undefined
  readonly groups: readonly GroupFacts[] | undefined
  readonly filters: readonly FilterFacts[] | undefined
}

/** Does anybody hear of it when this broker is in trouble? One finding for each recommended alarm that it has not. */
export function alarmFindings(broker: BrokerFacts, watching: Watching, region: string): readonly Finding[] {
  const { alarms } = watching
  if (alarms === undefined) return []
  const engine = broker.engineType.toUpperCase() === 'ACTIVEMQ' ? 'ACTIVEMQ' : 'RABBITMQ'
  return RECOMMENDED[engine].flatMap((wanted) =>
    wanted.pattern === undefined
      ? metricFindings(broker, wanted, alarms, region)
      : logFindings(broker, { ...wanted, pattern: wanted.pattern }, { ...watching, alarms }, region),
  )
}

/** ActiveMQ reports each instance by itself, RabbitMQ the broker. */
function reportedAs({ brokerName, engineType, deploymentMode }: BrokerFacts): readonly string[] {
  if (engineType.toUpperCase() !== 'ACTIVEMQ') return [brokerName]
  const instances = deploymentMode === 'ACTIVE_STANDBY_MULTI_AZ' ? ['1', '2'] : ['1']
  return instances.map((instance) => `${brokerName}-${instance}`)
}

function metricFindings(
  broker: BrokerFacts,
  wanted: RecommendedAlarm,
  alarms: readonly AlarmFacts[],
  region: string,
): readonly Finding[] {
  const isWatched = (name: string): boolean =>
    alarms.some(
      ({ namespace, metricName, comparison, dimensions }) =>
        namespace === MQ_NAMESPACE &&
        metricName === wanted.metric &&
        comparison?.startsWith('GreaterThan') === true &&
        dimensions.length === 1 &&
        dimensions.every((dimension) => dimension.name === 'Broker' && dimension.value === name),
    )
  const missing = reportedAs(broker).filter((name) => !isWatched(name))
  if (missing.length === 0) return []
  const printed = missing.map((name) =>
    alarmText(
      { wanted, name: `${name}-${wanted.name}`, namespace: MQ_NAMESPACE, metric: wanted.metric, broker: name },
      region,
    ),
  )
  return [
    {
      title: `No alarm watches ${wanted.metric} of ${missing.join(' and ')}`,
      detail: wanted.why,
      commands: printed.map(({ command }) => command),
      blocks: printed.map(({ block }) => block),
    },
  ]
}

/** An alarm on lines of the general log: it takes a metric filter, and an alarm on what the filter makes. */
function logFindings(
  broker: BrokerFacts,
  wanted: RecommendedAlarm & { readonly pattern: string },
  { alarms, groups, filters }: Watching & { readonly alarms: readonly AlarmFacts[] },
  region: string,
): readonly Finding[] {
  const group = broker.logs.generalLogGroup
  // Without the group there is nothing to filter, which is a finding of its own.
  if (filters === undefined || groups?.some(({ logGroupName }) => logGroupName === group) !== true) return []
  const own = filters.filter(({ filterPattern }) => filterPattern === wanted.pattern)
  const isWatched = ({ metricNamespace, metricName }: FilterFacts): boolean =>
    alarms.some((alarm) => alarm.namespace === metricNamespace && alarm.metricName === metricName)
  if (own.some(isWatched)) return []
  const metric = `${broker.brokerName}-${wanted.metric}`
  const name = `${broker.brokerName}-${wanted.name}`
  const { command, block } = alarmText({ wanted, name, namespace: LOG_NAMESPACE, metric, broker: undefined }, region)
  const transformation = `metricName=${metric},metricNamespace=${LOG_NAMESPACE},metricValue=1,defaultValue=0`
  return [
    {
      title: `No alarm watches the general log for ${wanted.name}`,
      detail: wanted.why,
      commands: [
        aws(
          region,
          `logs put-metric-filter --log-group-name ${group} --filter-name ${name}`,
          `--filter-pattern '${wanted.pattern}' --metric-transformations ${transformation}`,
        ),
        command,
      ],
      blocks: [
        [
          `resource "aws_cloudwatch_log_metric_filter" "${terraformName(name)}" {`,
          `  name           = "${name}"`,
          `  log_group_name = "${group}"`,
          `  pattern        = ${JSON.stringify(wanted.pattern)}`,
          '  metric_transformation {',
          `    name          = "${metric}"`,
          `    namespace     = "${LOG_NAMESPACE}"`,
          '    value         = "1"',
          '    default_value = "0"',
          '  }',
          '}',
        ].join('\n'),
        block,
      ],
    },
  ]
}

interface Printed {
  readonly wanted: RecommendedAlarm
  readonly name: string
  readonly namespace: string
  readonly metric: string
  /** Value of the dimension Broker; `undefined`: the metric has none. */
  readonly broker: string | undefined
}

/** The alarm as a command and in Terraform; both leave it to their reader whom it tells. */
function alarmText(printed: Printed, region: string): { readonly command: string; readonly block: string } {
  const { wanted, name } = printed
  const { comparison, threshold, periods } = wanted
  const { words, lines } = wanted.percentOf === undefined ? onMetric(printed) : onShare(printed, wanted.percentOf)
  // Lines that do not come are no trouble; a metric of Amazon MQ that does not come may be.
  const treatment = wanted.pattern === undefined ? 'missing' : 'notBreaching'
  return {
    command: aws(
      region,
      `cloudwatch put-metric-alarm --alarm-name ${name}`,
      ...words,
      `--evaluation-periods ${String(periods)} --threshold ${String(threshold)}`,
      `--comparison-operator ${comparison} --treat-missing-data ${treatment}`,
    ),
    block: [
      `resource "aws_cloudwatch_metric_alarm" "${terraformName(name)}" {`,
      `  alarm_name          = "${name}"`,
      ...lines,
      `  evaluation_periods  = ${String(periods)}`,
      `  threshold           = ${String(threshold)}`,
      `  comparison_operator = "${comparison}"`,
      `  treat_missing_data  = "${treatment}"`,
      '}',
    ].join('\n'),
  }
}

/** What an alarm watches, as words of a command and as lines of a block. */
interface PrintedWatch {
  readonly words: readonly string[]
  readonly lines: readonly string[]
}

function onMetric({ wanted: { statistic, period }, namespace, metric, broker }: Printed): PrintedWatch {
  return {
    words: [
      `--namespace ${namespace} --metric-name ${metric}`,
      ...(broker === undefined ? [] : [`--dimensions Name=Broker,Value=${broker}`]),
      `--statistic ${statistic} --period ${String(period)}`,
    ],
    lines: [
      `  namespace           = "${namespace}"`,
      `  metric_name         = "${metric}"`,
      ...(broker === undefined ? [] : [`  dimensions          = { Broker = "${broker}" }`]),
      `  statistic           = "${statistic}"`,
      `  period              = ${String(period)}`,
    ],
  }
}

const SHARE = { id: 'share', expression: '100 * part / whole' } as const

/** One metric in percent of another one. */
function onShare({ wanted: { statistic, period }, namespace, metric, broker }: Printed, whole: string): PrintedWatch {
  const of = [
    ['part', metric],
    ['whole', whole],
  ] as const
  const Dimensions = broker === undefined ? [] : [{ Name: 'Broker', Value: broker }]
  const queries = [
    ...of.map(([Id, MetricName]) => ({
      Id,
      MetricStat: { Metric: { Namespace: namespace, MetricName, Dimensions }, Period: period, Stat: statistic },
      ReturnData: false,
    })),
    { Id: SHARE.id, Expression: SHARE.expression },
  ]
  return {
    words: [`--metrics '${JSON.stringify(queries)}'`],
    lines: [
      ...of.flatMap(([id, name]) => [
        '  metric_query {',
        `    id = "${id}"`,
        '    metric {',
        `      namespace   = "${namespace}"`,
        `      metric_name = "${name}"`,
        ...(broker === undefined ? [] : [`      dimensions  = { Broker = "${broker}" }`]),
        `      period      = ${String(period)}`,
        `      stat        = "${statistic}"`,
        '    }',
        '  }',
      ]),
      '  metric_query {',
      `    id          = "${SHARE.id}"`,
      `    expression  = "${SHARE.expression}"`,
      '    return_data = true',
      '  }',
    ],
  }
}
