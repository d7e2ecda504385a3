import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerSpec } from '#engines/broker-engine.ts'
import { RABBITMQ_SERVER, memoryMib } from '#engines/rabbitmq/installed.ts'
import { LOG_PREFIX, type RabbitmqLayout } from '#engines/rabbitmq/layout.ts'
import { portsAt } from '#engines/rabbitmq/ports.ts'
import { ENABLED_PLUGINS, definitions, rabbitmqConf } from '#engines/rabbitmq/render/configuration.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import type { Address } from '#supervisor/addresses.ts'
import { portsInUse } from '#supervisor/ports.ts'
import type { Runtime, SupervisedProcess } from '#supervisor/runtime.ts'
import { waitUntil } from '#supervisor/wait-until.ts'

export interface RabbitmqStart {
  readonly runtime: Runtime
  readonly ca: CertificateAuthority
  readonly graceMillis: number
  readonly spec: BrokerSpec
  readonly layout: RabbitmqLayout
  readonly address: Address
  /** Port mapper and distribution, on 127.0.0.1. */
  readonly inner: Address
  readonly signal: AbortSignal
}

const TIMEOUT_MILLIS = 5 * 60_000
const EVERY_MILLIS = 100
const STARTED = /Server startup complete/
const FAILED = /\[error\] <[\d.]+> (BOOT FAILED|.*Error during startup.*)/

/** Renders, launches, and resolves when every plugin has started and all listeners are open. */
export async function startRabbitmq(start: RabbitmqStart): Promise<SupervisedProcess> {
  const { runtime, layout, address, graceMillis, signal } = start
  await runtime.stop(layout.base, graceMillis)
  const held = await portsInUse(address.host, address.ports)
  if (held.length > 0)
    throw new Error(
      `the broker cannot start, because another process listens on port ${held.join(', ')} of ${address.host}; end that process`,
    )
  signal.throwIfAborted()
  const logFile = await render(start)
  const process = await runtime.launch({
    directory: layout.base,
    command: RABBITMQ_SERVER,
    args: [],
    environment: environmentOf(start),
  })
  try {
    await waitUntil(process, () => isStarted(join(layout.log, logFile)), {
      everyMillis: EVERY_MILLIS,
      timeoutMillis: TIMEOUT_MILLIS,
      signal,
      what: 'start its broker',
    })
  } catch (error) {
    await runtime.stop(layout.base, graceMillis)
    throw error
  }
  return process
}

async function isStarted(file: string): Promise<object | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [, failure] = FAILED.exec(text) ?? []
  if (failure !== undefined) throw new Error(`the broker could not start: ${failure}`)
  return STARTED.test(text) ? {} : undefined
}

/** Writes the configuration anew; answers the name of this run's log file. */
async function render({ ca, spec, layout, address }: RabbitmqStart): Promise<string> {
  const [user] = spec.users
  if (user === undefined) throw new Error('a RabbitMQ broker needs its first user')
  const isFirstStart = (await readdir(layout.mnesia).catch(() => [])).length === 0
  await rm(layout.conf, { recursive: true, force: true })
  for (const directory of [layout.base, layout.conf, layout.log, layout.mnesia, layout.home])
    await mkdir(directory, { recursive: true, mode: 0o700 })
  const logFile = `${LOG_PREFIX}-${String(1 + (await newestLog(layout.log)))}.log`
  const ipAddresses = [...new Set([address.advertised, '127.0.0.1'])]
  const certificate = await ca.issueTo(layout.certificate, { commonName: spec.brokerId, ipAddresses })
  const files = {
    'rabbitmq.conf': rabbitmqConf({
      address,
      conf: layout.conf,
      logFile,
      memoryMib: memoryMib(spec.hostInstanceType),
      isFirstStart,
    }),
    enabled_plugins: ENABLED_PLUGINS,
    'key.pem': certificate.privateKeyPem,
    'certificate.pem': certificate.chainPem,
    'ca.pem': ca.certificatePem,
    ...(isFirstStart ? { 'definitions.json': definitions(user) } : {}),
  }
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(layout.conf, name), text, { mode: 0o600 })),
  )
  await keepCookie(join(layout.home, '.erlang.cookie'))
  return logFile
}

/** The cookie lets its own tools in, and nobody else; Erlang takes it only when its owner alone can read it. */
async function keepCookie(file: string): Promise<void> {
  await writeFile(file, randomBytes(20).toString('hex'), { mode: 0o400, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  await chmod(file, 0o400)
}

async function newestLog(directory: string): Promise<number> {
  const names = await readdir(directory)
  return Math.max(0, ...names.map((name) => Number(/^rabbit-(\d+)\.log$/.exec(name)?.[1] ?? 0)))
}

function environmentOf({ layout, inner }: RabbitmqStart): Readonly<Record<string, string>> {
  const [mapper, distribution] = portsAt(inner)
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: layout.home,
    RABBITMQ_NODENAME: `broker${String(distribution)}@localhost`,
    RABBITMQ_MNESIA_BASE: layout.mnesia,
    RABBITMQ_LOG_BASE: layout.log,
    RABBITMQ_CONFIG_FILE: join(layout.conf, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(layout.conf, 'enabled_plugins'),
    // What the machine's own RabbitMQ is configured with must not reach this one.
    RABBITMQ_CONF_ENV_FILE: join(layout.conf, 'none'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(layout.conf, 'advanced.config'),
    RABBITMQ_GENERATED_CONFIG_DIR: layout.conf,
    RABBITMQ_PID_FILE: join(layout.base, 'rabbit.pid'),
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapper),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none',
  }
}
