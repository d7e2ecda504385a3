import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { NOT_INSTALLED, installedRabbitmq } from '#engines/rabbitmq/installed.ts'
import { LOG_PREFIX, type RabbitmqLayout, rabbitmqLayout } from '#engines/rabbitmq/layout.ts'
import { INNER_PORTS, clientPorts, portsAt, rabbitmqAddress } from '#engines/rabbitmq/ports.ts'
import { startRabbitmq } from '#engines/rabbitmq/start.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { type Address, allocatedPorts, loopbackAddresses, readAddress } from '#supervisor/addresses.ts'
import { brokerDirectory, instanceDirectories } from '#engines/broker-directories.ts'
import { localRuntime } from '#supervisor/local-runtime.ts'
import { keyedMutex } from '#supervisor/mutex.ts'
import type { SupervisedProcess } from '#supervisor/runtime.ts'

export interface RabbitmqOptions {
  /** The platform's; brokers are in `brokers/<broker id>/1/`. */
  readonly dataDirectory: string
  readonly ca: CertificateAuthority
  /** A real interface to listen on, with ports of its own for each broker. Left out: loopback addresses with AWS's ports. */
  readonly bindAddress?: string
}

/** A node closes its queues within seconds. */
const STOP_GRACE_MILLIS = 30_000

/** Runs the RabbitMQ that is installed on this machine, as processes that outlive the platform. */
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

  const reserve = async ({ base, inner: place }: RabbitmqLayout): Promise<{ outer: Address; inner: Address }> => {
    const taken = (): Promise<readonly string[]> => instanceDirectories(dataDirectory)
    const takenInside = async (): Promise<readonly string[]> => [
      ...(await taken()),
      ...(await taken()).map((directory) => rabbitmqLayout(directory).inner),
    ]
    return {
      outer: await outer.reserve(base, clientPorts(), taken),
      inner: await inner.reserve(place, INNER_PORTS, takenInside),
    }
  }

  const stop = (layout: RabbitmqLayout): Promise<void> =>
    oneAtATime(layout.base, async () => {
      await runtime.stop(layout.base, STOP_GRACE_MILLIS)
      await endPortMapper(layout)
    })

  return {
    async ensureInstalled(version) {
      const found = installedRabbitmq()
      if (found === undefined) throw new Error(NOT_INSTALLED)
      if (found.runs !== version) throw new Error(`RabbitMQ ${version} is not on this machine; it has ${found.runs}`)
    },

    reserveAddress: async (brokerId, instance) => rabbitmqAddress((await reserve(layoutOf(brokerId, instance))).outer),

    start(spec, signal) {
      const layout = layoutOf(spec.brokerId, spec.instance)
      return oneAtATime(layout.base, async () => {
        const addresses = await reserve(layout)
        const process = await startRabbitmq({
          runtime,
          ca,
          graceMillis: STOP_GRACE_MILLIS,
          spec,
          layout,
          address: addresses.outer,
          inner: addresses.inner,
          signal,
        })
        return running(process, addresses.outer)
      })
    },

    async adopt(brokerId, instance) {
      const { base } = layoutOf(brokerId, instance)
      const [address, process] = await Promise.all([readAddress(base), runtime.adopt(base)])
      return address === undefined || process === undefined ? undefined : running(process, address)
    },

    stop: (brokerId, instance) => stop(layoutOf(brokerId, instance)),

    async remove(brokerId) {
      await stop(layoutOf(brokerId, 1))
      await rm(brokerDirectory(dataDirectory, brokerId), { recursive: true, force: true, maxRetries: 3 })
    },

    // Its statistics are behind a user of its own, whom the platform is not.
    readMetrics: async () => undefined,

    isCertificateDue: (brokerId, instance) => ca.isDue(layoutOf(brokerId, instance).certificate),

    logFiles: (brokerId, instance, log) => ({
      directory: layoutOf(brokerId, instance).log,
      prefix: log === 'general' ? LOG_PREFIX : log,
      records: 'lines',
    }),
  }
}

/** Comes with Erlang, in the path. */
const PORT_MAPPER = 'epmd'

const running = ({ pid, exited }: SupervisedProcess, address: Address): RunningBroker => ({
  pid,
  exited,
  address: rabbitmqAddress(address),
})

/** The node starts a port mapper, which stays; it is the node's alone, and refuses to end while somebody needs it. */
async function endPortMapper({ inner }: RabbitmqLayout): Promise<void> {
  const address = await readAddress(inner)
  if (address === undefined) return
  const [port] = portsAt(address)
  const ending = spawn(PORT_MAPPER, ['-port', String(port), '-kill'], { stdio: 'ignore' })
  await Promise.race([once(ending, 'exit'), once(ending, 'error')])
}
