import { rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { NOT_INSTALLED, installedRabbitmq } from '#engines/rabbitmq/installed.ts'
import { LOG_PREFIX, type RabbitmqLayout, rabbitmqLayout } from '#engines/rabbitmq/layout.ts'
import { readMetrics } from '#engines/rabbitmq/metrics.ts'
import type { RabbitmqNode } from '#engines/rabbitmq/node.ts'
import { endPortMapper } from '#engines/rabbitmq/port-mapper.ts'
import { INNER_PORTS, clientPorts, portsAt, rabbitmqAddress } from '#engines/rabbitmq/ports.ts'
import { startRabbitmq } from '#engines/rabbitmq/start.ts'
import { stopRabbitmq } from '#engines/rabbitmq/stop.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { type Address, allocatedPorts, loopbackAddresses, readAddress } from '#supervisor/addresses.ts'
import { brokerDirectory, instanceDirectories, instancesIn } from '#engines/broker-directories.ts'
import { localRuntime } from '#supervisor/local-runtime.ts'
import { keyedMutex } from '#supervisor/mutex.ts'
import type { SupervisedProcess } from '#supervisor/runtime.ts'

export interface RabbitmqOptions {
  /** The platform's; brokers are in `brokers/<broker id>/<instance>/`. */
  readonly dataDirectory: string
  readonly ca: CertificateAuthority
  /** A real interface to listen on, with ports of its own for each broker. Left out: loopback addresses with AWS's ports. */
  readonly bindAddress?: string
}

/** Has the address that clients reach all nodes at, and the port mapper's. */
const FIRST = 1

/** Runs the RabbitMQ that is installed on this machine, a node or a cluster of them, as processes that outlive the platform. */
export function rabbitmqEngine({ ca, bindAddress, ...options }: RabbitmqOptions): BrokerEngine {
  const dataDirectory = resolve(options.dataDirectory)
  const runtime = localRuntime()
  const oneAtATime = keyedMutex()
  const isOwnAddress = bindAddress === undefined && process.platform === 'linux'
  const outer = isOwnAddress
    ? loopbackAddresses(dataDirectory)
    : allocatedPorts(dataDirectory, bindAddress ?? '127.0.0.1')
  const inner = allocatedPorts(dataDirectory, '127.0.0.1')
  const layoutOf = (brokerId: string, instance: number): RabbitmqLayout =>
    rabbitmqLayout(join(brokerDirectory(dataDirectory, brokerId), String(instance)))
  const numbersOf = async (brokerId: string): Promise<readonly number[]> =>
    (await instancesIn(brokerDirectory(dataDirectory, brokerId))).map((directory) => Number(basename(directory)))

  const taken = (): Promise<readonly string[]> => instanceDirectories(dataDirectory)
  const takenInside = async (): Promise<readonly string[]> => [
    ...(await taken()),
    ...(await taken()).map((directory) => rabbitmqLayout(directory).inner),
  ]
  const reserve = (brokerId: string): Promise<Address> =>
    outer.reserve(layoutOf(brokerId, FIRST).base, clientPorts(), taken)
  const reserveNode = async (brokerId: string, instance: number): Promise<RabbitmqNode> => {
    const layout = layoutOf(brokerId, instance)
    return { instance, layout, inner: await inner.reserve(layout.inner, INNER_PORTS, takenInside) }
  }
  const nodeOf = async (brokerId: string, instance: number): Promise<RabbitmqNode | undefined> => {
    const layout = layoutOf(brokerId, instance)
    const inner = await readAddress(layout.inner)
    return inner && { instance, layout, inner }
  }

  const runs = async (brokerId: string, instances: readonly number[]): Promise<boolean> => {
    const found = await Promise.all(instances.map((each) => runtime.adopt(layoutOf(brokerId, each).base)))
    return found.some((each) => each !== undefined)
  }
  // What the nodes of a broker share is touched by one of them at a time.
  const alone = <T>(brokerId: string, work: () => Promise<T>): Promise<T> => oneAtATime(brokerId, work)

  const stop = (brokerId: string, instance: number): Promise<void> =>
    oneAtATime(layoutOf(brokerId, instance).base, async () => {
      const node = await nodeOf(brokerId, instance)
      // Before a node is launched, its ports are written down.
      if (node === undefined) return
      await stopRabbitmq(runtime, node)
      await alone(brokerId, async () => {
        const mapper = await readAddress(layoutOf(brokerId, FIRST).inner)
        if (mapper !== undefined && !(await runs(brokerId, await numbersOf(brokerId))))
          await endPortMapper(portsAt(mapper)[0])
      })
    })

  return {
    async ensureInstalled({ engineVersion: version }) {
      const found = installedRabbitmq()
      if (found === undefined) throw new Error(NOT_INSTALLED)
      if (found.runs !== version) throw new Error(`RabbitMQ ${version} is not on this machine; it has ${found.runs}`)
    },

    async reserveAddress(brokerId, instance) {
      const address = await reserve(brokerId)
      await reserveNode(brokerId, instance)
      return rabbitmqAddress(address)
    },

    start(spec, signal) {
      const { brokerId, instance } = spec
      const layout = layoutOf(brokerId, instance)
      return oneAtATime(layout.base, async () => {
        const address = await reserve(brokerId)
        const nodes = await Promise.all(spec.instances.map((each) => reserveNode(brokerId, each)))
        const peers = spec.instances.filter((each) => each !== instance)
        const process = await startRabbitmq({
          runtime,
          ca,
          spec,
          layout,
          address,
          nodes,
          isPeerRunning: () => runs(brokerId, peers),
          alone: (work) => alone(brokerId, work),
          signal,
        })
        return running(process, address)
      })
    },

    async adopt(brokerId, instance) {
      const [address, process] = await Promise.all([
        readAddress(layoutOf(brokerId, FIRST).base),
        runtime.adopt(layoutOf(brokerId, instance).base),
      ])
      return address === undefined || process === undefined ? undefined : running(process, address)
    },

    stop,

    async remove(brokerId) {
      await Promise.all((await numbersOf(brokerId)).map((instance) => stop(brokerId, instance)))
      await rm(brokerDirectory(dataDirectory, brokerId), { recursive: true, force: true, maxRetries: 3 })
    },

    checkLdap: async () => ({ kind: 'unusable', reason: 'RabbitMQ brokers have no LDAP here' }),

    async readMetrics(brokerId, instance) {
      const node = await nodeOf(brokerId, instance)
      return node && readMetrics(node)
    },

    isCertificateDue: (brokerId, instance) => ca.isDue(layoutOf(brokerId, instance).certificate),

    logFiles: (brokerId, instance, log) => ({
      directory: layoutOf(brokerId, instance).log,
      prefix: log === 'general' ? LOG_PREFIX : log,
      records: 'lines',
    }),
  }
}

const running = ({ pid, exited }: SupervisedProcess, address: Address): RunningBroker => ({
  pid,
  exited,
  address: rabbitmqAddress(address),
})
