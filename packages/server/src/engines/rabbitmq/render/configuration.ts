import { createHash, randomBytes } from 'node:crypto'
import { portsAt } from '#engines/rabbitmq/ports.ts'
import type { BrokerUser } from '#engines/broker-engine.ts'
import type { Address } from '#supervisor/addresses.ts'

/** What decides how a node is configured. */
export interface RabbitmqInput {
  readonly address: Address
  readonly conf: string
  /** Of this run, e.g. `rabbit-3.log`. */
  readonly logFile: string
  readonly memoryMib: number
  /** Users and permissions are loaded at the first start only; later they are RabbitMQ's own. */
  readonly isFirstStart: boolean
  /** Of all nodes of the broker, this one among them. */
  readonly nodeNames: readonly string[]
}

/** `rabbitmq.conf`. No value in it is of somebody else's making, and no secret is. */
export function rabbitmqConf({ address, conf, logFile, memoryMib, isFirstStart, nodeNames }: RabbitmqInput): string {
  const [amqps, console] = portsAt(address)
  const tls = (of: string): readonly string[] => [
    `${of}.cacertfile = ${conf}/ca.pem`,
    `${of}.certfile = ${conf}/certificate.pem`,
    `${of}.keyfile = ${conf}/key.pem`,
    `${of}.versions.1 = tlsv1.3`,
    `${of}.versions.2 = tlsv1.2`,
  ]
  return [
    'listeners.tcp = none',
    `listeners.ssl.1 = ${address.host}:${String(amqps)}`,
    'ssl_options.verify = verify_none',
    ...tls('ssl_options'),
    `management.ssl.ip = ${address.host}`,
    `management.ssl.port = ${String(console)}`,
    ...tls('management.ssl'),
    `vm_memory_high_watermark.absolute = ${String(memoryMib)}MB`,
    'log.console = false',
    `log.file = ${logFile}`,
    'log.file.level = info',
    'log.file.formatter.time_format = rfc3339_space',
    ...(nodeNames.length > 1 ? clusterLines(nodeNames) : []),
    ...(isFirstStart ? [`load_definitions = ${conf}/definitions.json`] : []),
    '',
  ].join('\n')
}

/** Nodes that find none of the others make a cluster of their own and wait; a minority that is cut off takes no messages. */
const clusterLines = (nodeNames: readonly string[]): readonly string[] => [
  'cluster_partition_handling = pause_minority',
  'cluster_formation.peer_discovery_backend = classic_config',
  ...nodeNames.map((name, index) => `cluster_formation.classic_config.nodes.${String(index + 1)} = ${name}`),
]

/**
 * Classic queues of a cluster are mirrored, as AWS mirrors them, under AWS's name of the policy; quorum queues are
 * replicated of themselves.
 * @source Amazon MQ guide, RabbitMQ policies
 */
const MIRRORED = {
  vhost: '/',
  name: 'ha-all-AWS-OWNED-DO-NOT-DELETE',
  pattern: '.*',
  'apply-to': 'queues',
  definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic' },
  priority: 0,
} as const

/** `definitions.json`: the administrator by a salted hash of the password, as RabbitMQ itself keeps it. */
export const definitions = ({ username, password }: Pick<BrokerUser, 'username' | 'password'>, nodes: number): string =>
  JSON.stringify({
    users: [
      {
        name: username,
        password_hash: passwordHash(password),
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: 'administrator',
      },
    ],
    vhosts: [{ name: '/' }],
    permissions: [{ user: username, vhost: '/', configure: '.*', write: '.*', read: '.*' }],
    policies: nodes > 1 ? [MIRRORED] : [],
  })

/** @source RabbitMQ guide, passwords: base64 of a salt of four bytes and the SHA-256 of salt and password */
function passwordHash(password: string): string {
  const salt = randomBytes(4)
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest()
  return Buffer.concat([salt, hash]).toString('base64')
}

export const ENABLED_PLUGINS = '[rabbitmq_management].\n'
