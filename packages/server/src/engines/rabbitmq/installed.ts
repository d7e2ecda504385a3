import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineVersion } from '#engines/broker-engine.ts'

/** Where packages of Debian, Ubuntu and of RabbitMQ itself put it. */
const HOME = '/usr/lib/rabbitmq'
const SERVER = /^rabbitmq_server-(\d+\.\d+)\.(\d+)$/

/** What to say when it is needed and not there. */
export const NOT_INSTALLED =
  'RabbitMQ is not installed on this machine. Install the package rabbitmq-server (Debian, Ubuntu: apt-get install rabbitmq-server)'

/** The program itself, not the wrapper that insists on a user of its own. */
export const RABBITMQ_SERVER: string = join(HOME, 'bin', 'rabbitmq-server')

/** The RabbitMQ that this machine has; `undefined`: none. */
export function installedRabbitmq(home: string = HOME): EngineVersion | undefined {
  const versions = foldersOf(join(home, 'lib')).flatMap((name) => {
    const [, requested, patch] = SERVER.exec(name) ?? []
    return requested === undefined || patch === undefined ? [] : [{ requested, runs: `${requested}.${patch}` }]
  })
  return versions.toSorted((one, other) => one.runs.localeCompare(other.runs, 'en', { numeric: true })).at(-1)
}

function foldersOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/**
 * A sixteenth of the machines that AWS has for RabbitMQ, as for ActiveMQ; the smallest has what a node needs that does
 * nothing, 130 MiB, once more for its messages.
 * @source Amazon MQ developer guide
 */
const MEMORY_MIB: Readonly<Record<string, number>> = {
  'mq.t3.micro': 256,
  'mq.m5.large': 512,
  'mq.m5.xlarge': 1_024,
  'mq.m5.2xlarge': 2_048,
  'mq.m5.4xlarge': 4_096,
}

/** Names such as `mq.m5.large`. */
export const rabbitmqInstanceTypes: readonly string[] = Object.keys(MEMORY_MIB)

/** What a node may hold before it stops taking messages, in MiB. @throws Error when there is no such type */
export function memoryMib(type: string): number {
  const { [type]: mib } = MEMORY_MIB
  if (mib !== undefined) return mib
  throw new Error(
    `there is no instance type ${JSON.stringify(type)} of RabbitMQ; the types are ${rabbitmqInstanceTypes.join(', ')}`,
  )
}
