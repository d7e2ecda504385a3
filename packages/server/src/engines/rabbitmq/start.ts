import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerSpec } from '#engines/broker-engine.ts'
import { RABBITMQ_SERVER, memoryMib } from '#engines/rabbitmq/installed.ts'
import { LOG_PREFIX, type RabbitmqLayout } from '#engines/rabbitmq/layout.ts'
import { type RabbitmqNode, distributionPort, nodeName } from '#engines/rabbitmq/node.ts'
import { portsAt } from '#engines/rabbitmq/ports.ts'
import { ENABLED_PLUGINS, definitions, rabbitmqConf } from '#engines/rabbitmq/render/configuration.ts'
import { stopRabbitmq } from '#engines/rabbitmq/stop.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { readIfThere } from '#kernel/files.ts'
import type { Address } from '#supervisor/addresses.ts'
import { portsInUse } from '#supervisor/ports.ts'
import type { Runtime, SupervisedProcess } from '#supervisor/runtime.ts'
import { EndedEarly, waitUntil } from '#supervisor/wait-until.ts'

export interface RabbitmqStart {
  readonly runtime: Runtime
  readonly ca: CertificateAuthority
  readonly spec: BrokerSpec
  readonly layout: RabbitmqLayout
  /** Every node of the broker listens there. */
  readonly address: Address
  /** All nodes of the broker, this one among them; the first one's has the port mapper's port. */
  readonly nodes: readonly RabbitmqNode[]
  readonly isPeerRunning: () => Promise<boolean>
  /** Keeps the other nodes of the broker from being launched meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
}

const TIMEOUT_MILLIS = 5 * 60_000
const EVERY_MILLIS = 100
const STARTED = /Server startup complete/
const FAILED = /\[error\] <[\d.]+> (BOOT FAILED|.*Error during startup.*)/

/** A node that meets another one at the wrong moment of its start ends. @source RabbitMQ 3.10: incompatible_feature_flags */
const TRIES_IN_CLUSTER = 3

/** Renders, launches, and resolves when every plugin has started and all listeners are open. */
export async function startRabbitmq(start: RabbitmqStart): Promise<SupervisedProcess> {
  const tries = start.nodes.length === 1 ? 1 : TRIES_IN_CLUSTER
  for (let tried = 1; ; tried++) {
    try {
      return await startOnce(start)
    } catch (error) {
      if (!(error instanceof EndedEarly) || tried === tries) throw error
    }
  }
}

async function startOnce(start: RabbitmqStart): Promise<SupervisedProcess> {
  const { runtime, layout, signal } = start
  await stopRabbitmq(runtime, ownNode(start))
  const { process, logFile } = await start.alone(() => launch(start))
  try {
    await waitUntil(process, () => isStarted(join(layout.log, logFile)), {
      everyMillis: EVERY_MILLIS,
      timeoutMillis: TIMEOUT_MILLIS,
      signal,
      what: 'start its broker',
    })
    await rm(layout.unfinished, { force: true })
  } catch (error) {
    await stopRabbitmq(runtime, ownNode(start))
    throw error
  }
  return process
}

async function launch(start: RabbitmqStart): Promise<{ process: SupervisedProcess; logFile: string }> {
  const { runtime, layout, address, signal } = start
  // Nodes of a cluster listen at the same ports.
  const held = (await start.isPeerRunning()) ? [] : await portsInUse(address.host, address.ports)
  if (held.length > 0)
    throw new Error(
      `the broker cannot start, because another process listens on port ${held.join(', ')} of ${address.host}; end that process`,
    )
  signal.throwIfAborted()
  const logFile = await render(start)
  const environment = environmentOf(start)
  return {
    process: await runtime.launch({ directory: layout.base, command: RABBITMQ_SERVER, args: [], environment }),
    logFile,
  }
}

async function isStarted(file: string): Promise<object | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [, failure] = FAILED.exec(text) ?? []
  if (failure !== undefined) throw new Error(`the broker could not start: ${failure}`)
  return STARTED.test(text) ? {} : undefined
}

/** Writes the configuration anew; answers the name of this run's log file. */
async function render({ ca, spec, layout, address, nodes }: RabbitmqStart): Promise<string> {
  const [user] = spec.users
  if (user === undefined) throw new Error('a RabbitMQ broker needs its first user')
  const isFirstStart = await beginsAnew(layout)
  await rm(layout.conf, { recursive: true, force: true })
  for (const directory of [layout.base, layout.conf, layout.log, layout.mnesia, layout.home])
    await mkdir(directory, { recursive: true, mode: 0o700 })
  if (isFirstStart) await writeFile(layout.unfinished, '', { mode: 0o600 })
  const logFile = `${LOG_PREFIX}-${String(1 + (await newestLog(layout.log)))}.log`
  const ipAddresses = [...new Set([address.advertised, '127.0.0.1'])]
  const certificate = await ca.issueTo(layout.certificate, { commonName: spec.brokerId, ipAddresses })
  // What the first node is told, it tells the others.
  const isTold = isFirstStart && spec.instance === nodes[0]?.instance
  const files = {
    'rabbitmq.conf': rabbitmqConf({
      address,
      conf: layout.conf,
      logFile,
      memoryMib: memoryMib(spec.hostInstanceType),
      isFirstStart: isTold,
      nodeNames: nodes.map(nodeName),
    }),
    enabled_plugins: ENABLED_PLUGINS,
    'key.pem': certificate.privateKeyPem,
    'certificate.pem': certificate.chainPem,
    'ca.pem': ca.certificatePem,
    ...(isTold ? { 'definitions.json': definitions(user, nodes.length) } : {}),
  }
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(layout.conf, name), text, { mode: 0o600 })),
  )
  await keepCookie(layout, nodes)
  return logFile
}

/** A first start that was interrupted may have left half of anything, and nobody was told of the node yet. */
async function beginsAnew({ mnesia, unfinished }: RabbitmqLayout): Promise<boolean> {
  if (existsSync(unfinished)) await rm(mnesia, { recursive: true, force: true })
  return (await readdir(mnesia).catch(() => [])).length === 0
}

/** The cookie lets nodes and tools of this broker in, and nobody else; Erlang takes it only when its owner alone can read it. */
async function keepCookie({ cookie }: RabbitmqLayout, nodes: readonly RabbitmqNode[]): Promise<void> {
  const kept = await Promise.all(nodes.map(({ layout }) => readIfThere(layout.cookie)))
  const known = kept.find((each) => each !== undefined) ?? randomBytes(20).toString('hex')
  await writeFile(cookie, known, { mode: 0o400, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  await chmod(cookie, 0o400)
}

async function newestLog(directory: string): Promise<number> {
  const names = await readdir(directory)
  return Math.max(0, ...names.map((name) => Number(/^rabbit-(\d+)\.log$/.exec(name)?.[1] ?? 0)))
}

const ERLANG = '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none'

/** SO_REUSEPORT: the system shares new connections out among the nodes that listen, so that one address is all of theirs. */
const SHARED_PORTS = '-kernel inet_default_listen_options [{raw,1,15,<<1:32/native>>}]'

function ownNode({ spec, nodes }: Pick<RabbitmqStart, 'spec' | 'nodes'>): RabbitmqNode {
  const own = nodes.find(({ instance }) => instance === spec.instance)
  if (own === undefined) throw new Error(`${String(spec.instance)} is no instance of broker ${spec.brokerId}`)
  return own
}

function environmentOf({ spec, layout, nodes }: RabbitmqStart): Readonly<Record<string, string>> {
  const own = ownNode({ spec, nodes })
  const [mapper] = portsAt((nodes[0] ?? own).inner)
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: layout.home,
    // The program then becomes the node instead of waiting for it, so that the process that is watched is the node's.
    RUNNING_UNDER_SYSTEMD: 'true',
    // A dump of its memory would hold messages and passwords.
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_NODENAME: nodeName(own),
    RABBITMQ_MNESIA_BASE: layout.mnesia,
    RABBITMQ_LOG_BASE: layout.log,
    RABBITMQ_CONFIG_FILE: join(layout.conf, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(layout.conf, 'enabled_plugins'),
    // What the machine's own RabbitMQ is configured with must not reach this one.
    RABBITMQ_CONF_ENV_FILE: join(layout.conf, 'none'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(layout.conf, 'advanced.config'),
    RABBITMQ_GENERATED_CONFIG_DIR: layout.conf,
    RABBITMQ_PID_FILE: join(layout.base, 'rabbit.pid'),
    RABBITMQ_DIST_PORT: String(distributionPort(own)),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapper),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: nodes.length === 1 ? ERLANG : `${ERLANG} ${SHARED_PORTS}`,
  }
}
