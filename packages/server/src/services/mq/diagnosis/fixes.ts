import type { Decision } from '@sluice/policy'
import { type BrokerRecord, type LogGroupAttempt, type LogSwitches, engineTypeOf } from '#services/mq/broker-record.ts'
import { MQ_PRINCIPAL } from '#services/mq/log-groups.ts'
import { isSame } from '#services/mq/pending.ts'

const GROUPS = 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*'
const RESOURCE_POLICY = 'AmazonMQ-logs'
const CALLER_POLICY = 'AmazonMQ-create-log-groups'

/** Text as one word of a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
const json = (value: unknown): string => quoted(JSON.stringify(value))
const aws = (record: BrokerRecord, ...words: readonly string[]): string =>
  ['aws', '--region', record.region, ...words].join(' ')

/** A reboot applies pending settings and creates missing log groups. */
export const rebootBroker = (record: BrokerRecord): string =>
  aws(record, 'mq', 'reboot-broker', '--broker-id', record.brokerId)

/** Removes a broker that never came up. */
export const deleteBroker = (record: BrokerRecord): string =>
  aws(record, 'mq', 'delete-broker', '--broker-id', record.brokerId)

/** Takes back a configuration with which the broker did not start; whatever else is pending takes another reboot. */
export function restoreConfiguration(record: BrokerRecord): readonly string[] {
  const { applied, desired } = record
  const last = applied?.configuration
  if (applied === undefined || last === undefined) return [rebootBroker(record)]
  const restored = { ...desired, configuration: last }
  if (isSame(restored, desired)) return [rebootBroker(record)]
  const configuration = `Id=${last.id},Revision=${String(last.revision)}`
  const update = aws(record, 'mq', 'update-broker', '--broker-id', record.brokerId, '--configuration', configuration)
  return isSame(restored, applied) ? [update] : [update, rebootBroker(record)]
}

/** Switches logs on; they start with the next reboot. */
export const enableLogs = (record: BrokerRecord, logs: LogSwitches): string =>
  aws(
    record,
    'mq',
    'update-broker',
    '--broker-id',
    record.brokerId,
    '--logs',
    engineTypeOf(record) === 'RabbitMQ'
      ? `General=${String(logs.general)}`
      : `Audit=${String(logs.audit)},General=${String(logs.general)}`,
  )

/** Gives the caller of that attempt the permission it lacked; empty when no policy of IAM can. */
export function allowLogGroups({ by, decision }: LogGroupAttempt): readonly string[] {
  const who = by.name
  if (who === undefined || (by.kind !== 'user' && by.kind !== 'role')) return []
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: GROUPS }],
  }
  const flag = `--${by.kind}-name`
  const put = [
    'aws',
    'iam',
    `put-${by.kind}-policy`,
    flag,
    quoted(who),
    '--policy-name',
    CALLER_POLICY,
    '--policy-document',
    json(document),
  ]
  const denials = policiesThatDeny(decision, 'identity').map((name) =>
    ['aws', 'iam', `delete-${by.kind}-policy`, flag, quoted(who), '--policy-name', quoted(name)].join(' '),
  )
  return [...denials, put.join(' ')]
}

/** Makes the role anew with which Amazon MQ writes the logs of RabbitMQ. */
export const makeServiceLinkedRole = (): string =>
  `aws iam create-service-linked-role --aws-service-name ${MQ_PRINCIPAL}`

/** Lets Amazon MQ write the logs of this account's brokers; takes away resource policies that forbid it. */
export function allowDelivery(record: BrokerRecord, decision: Decision | undefined): readonly string[] {
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: MQ_PRINCIPAL },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: GROUPS,
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:mq:*:${record.account}:broker:*` },
          StringEquals: { 'aws:SourceAccount': record.account },
        },
      },
    ],
  }
  const denials = policiesThatDeny(decision, 'resource').map((name) =>
    aws(record, 'logs', 'delete-resource-policy', '--policy-name', quoted(name)),
  )
  return [
    ...denials,
    aws(record, 'logs', 'put-resource-policy', '--policy-name', RESOURCE_POLICY, '--policy-document', json(document)),
  ]
}

function policiesThatDeny(decision: Decision | undefined, policyType: 'identity' | 'resource'): readonly string[] {
  if (decision?.kind !== 'explicit-deny') return []
  return [
    ...new Set(
      decision.matched.filter((statement) => statement.policyType === policyType).map(({ policyName }) => policyName),
    ),
  ]
}
