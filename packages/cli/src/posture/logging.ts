import type { BrokerFacts, GroupFacts } from '#cli/posture/facts.ts'
import { type Finding, aws, terraformName } from '#cli/posture/finding.ts'
import { type Preset, wantedDays } from '#cli/posture/presets.ts'

/** RabbitMQ has no audit log. */
const hasAudit = ({ engineType }: BrokerFacts): boolean => engineType.toUpperCase() === 'ACTIVEMQ'

/** Are the logs on? A switch that waits for its reboot counts as off until then. */
export function loggingFindings(broker: BrokerFacts, region: string): readonly Finding[] {
  const { general, audit, pending } = broker.logs
  const wanted = hasAudit(broker) ? (['audit', 'general'] as const) : (['general'] as const)
  const off = wanted.filter((log) => (log === 'audit' ? audit : general) !== true)
  const [first] = off
  if (first === undefined) return []
  const reboot = aws(region, 'mq', 'reboot-broker', '--broker-id', broker.brokerId)
  const names = off.join(' and ')
  if (pending !== undefined && off.every((log) => pending[log] === true)) {
    return [
      {
        title: `The ${names} log is switched on, but waits for a reboot`,
        detail: 'Until then nothing of it is kept.',
        commands: [reboot],
        brokerLines: ['apply_immediately = true'],
      },
    ]
  }
  const switches = hasAudit(broker) ? 'Audit=true,General=true' : 'General=true'
  return [
    {
      title: `The ${names} log is off`,
      detail:
        first === 'audit'
          ? 'Without the audit log nobody can say who managed this broker.'
          : 'Without the general log failed log-ins and denials are nowhere.',
      commands: [aws(region, 'mq', 'update-broker', '--broker-id', broker.brokerId, '--logs', switches), reboot],
      brokerLines: [
        'apply_immediately = true',
        'logs {',
        ...(hasAudit(broker) ? ['  audit   = true'] : []),
        '  general = true',
        '}',
      ],
    },
  ]
}

/** Are the groups of the logs that are on there, and how long do they keep what they get? */
export function retentionFindings(
  broker: BrokerFacts,
  groups: readonly GroupFacts[] | undefined,
  preset: Preset,
  region: string,
): readonly Finding[] {
  if (groups === undefined) return []
  const { general, audit, generalLogGroup, auditLogGroup } = broker.logs
  const expected = [
    ...(audit === true && auditLogGroup !== undefined ? [auditLogGroup] : []),
    ...(general === true ? [generalLogGroup] : []),
  ]
  return expected.flatMap((name) => {
    const group = groups.find(({ logGroupName }) => logGroupName === name)
    if (group === undefined) {
      return [
        {
          title: `The log group ${name} does not exist, so nothing arrives`,
          detail: `Whose permission is missing: sluice why ${broker.brokerName}`,
          commands: [],
        },
      ]
    }
    const fault = retentionFault(group.retentionInDays, preset)
    return fault === undefined ? [] : [retentionFinding(broker, name, fault, wantedDays(preset), region)]
  })
}

function retentionFault(days: number | undefined, { atLeastDays, atMostDays }: Preset): string | undefined {
  if (days === undefined) return 'has no retention: its events never expire'
  if (days < atLeastDays) return `keeps its events for ${String(days)} days, which is too short`
  if (atMostDays !== undefined && days > atMostDays)
    return `keeps its events for ${String(days)} days, longer than needed`
  return undefined
}

function retentionFinding(
  { brokerName }: BrokerFacts,
  group: string,
  fault: string,
  days: number,
  region: string,
): Finding {
  const name = terraformName(brokerName, group.slice(group.lastIndexOf('/') + 1))
  return {
    title: `The log group ${group} ${fault}`,
    detail: `Set it to ${String(days)} days.`,
    commands: [
      aws(region, 'logs', 'put-retention-policy', '--log-group-name', group, '--retention-in-days', String(days)),
    ],
    blocks: [
      [
        'import {',
        `  to = aws_cloudwatch_log_group.${name}`,
        `  id = "${group}"`,
        '}',
        `resource "aws_cloudwatch_log_group" "${name}" {`,
        `  name              = "${group}"`,
        `  retention_in_days = ${String(days)}`,
        '}',
      ].join('\n'),
    ],
  }
}
