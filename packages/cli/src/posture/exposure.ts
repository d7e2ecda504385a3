import type { BrokerFacts } from '#cli/posture/facts.ts'
import { type Finding, aws } from '#cli/posture/finding.ts'

/** Names that are tried first by whoever tries names. */
const USUAL_NAMES: ReadonlySet<string> = new Set([
  'activemq',
  'admin',
  'administrator',
  'guest',
  'mq',
  'rabbitmq',
  'root',
  'system',
  'test',
  'user',
])

/** Who can reach the broker, with what, and how long its faults stay in it. */
export const exposureFindings = (broker: BrokerFacts, region: string): readonly Finding[] => [
  ...publicFindings(broker),
  ...upgradeFindings(broker, region),
  ...(broker.users ?? []).flatMap((user) =>
    USUAL_NAMES.has(user.username.toLowerCase()) && user.pendingChange !== 'DELETE'
      ? [usualUser(broker, user.username, region)]
      : [],
  ),
]

const publicFindings = ({ publiclyAccessible }: BrokerFacts): readonly Finding[] =>
  publiclyAccessible
    ? [
        {
          title: 'The broker is publicly accessible',
          detail: 'This cannot be changed: make a new broker without it, move its clients, and delete this one.',
          commands: [],
          brokerLines: ['publicly_accessible = false # replaces the broker'],
        },
      ]
    : []

const upgradeFindings = (broker: BrokerFacts, region: string): readonly Finding[] =>
  broker.autoMinorVersionUpgrade
    ? []
    : [
        {
          title: 'Minor versions are not upgraded by themselves',
          detail: `It stays on ${broker.engineType} ${broker.engineVersion}, with the faults that are mended since.`,
          commands: [
            aws(region, 'mq', 'update-broker', '--broker-id', broker.brokerId, '--auto-minor-version-upgrade'),
          ],
          brokerLines: ['auto_minor_version_upgrade = true'],
        },
      ]

function usualUser({ brokerId }: BrokerFacts, username: string, region: string): Finding {
  const of = ['--broker-id', brokerId, '--username']
  return {
    title: `A user is called ${username}, which is among the first names that are tried`,
    detail: 'Make one with another name (set NEW_USER and NEW_PASSWORD), move its clients, and delete this one.',
    commands: [
      aws(region, 'mq', 'create-user', ...of, '"$NEW_USER"', '--password', '"$NEW_PASSWORD"', '--console-access'),
      aws(region, 'mq', 'delete-user', ...of, username),
      aws(region, 'mq', 'reboot-broker', '--broker-id', brokerId),
    ],
    brokerLines: [
      'apply_immediately = true',
      `user { # instead of ${username}`,
      '  username       = var.mq_username',
      '  password       = var.mq_password',
      '  console_access = true',
      '}',
    ],
  }
}
