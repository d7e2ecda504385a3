import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { instanceLayout, sharesStore } from '#engines/activemq/layout.ts'
import type { InstanceLayout } from '#engines/activemq/layout.ts'
import { readMetrics } from '#engines/activemq/metrics.ts'
import { BROKER_PORTS, brokerAddress } from '#engines/activemq/ports.ts'
import { provisioner } from '#engines/activemq/provision.ts'
import { LOG_PREFIX } from '#engines/activemq/render/log4j2.ts'
import { platformUserOf } from '#engines/activemq/run-secrets.ts'
import { startBroker } from '#engines/activemq/start.ts'
import type { StartDeps } from '#engines/activemq/start.ts'
import type { BrokerEngine, BrokerSpec, EngineNeeds, RunningBroker } from '#engines/broker-engine.ts'
import { ldapServers } from '#engines/ldap/authorities.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { allocatedPorts, loopbackAddresses, readAddress } from '#supervisor/addresses.ts'
import type { Address } from '#supervisor/addresses.ts'
import { brokerDirectory, instanceDirectories, instancesIn } from '#engines/broker-directories.ts'
import { localRuntime } from '#supervisor/local-runtime.ts'
import { keyedMutex } from '#supervisor/mutex.ts'
import type { Runtime, SupervisedProcess } from '#supervisor/runtime.ts'
import { DEFAULT_HEAP_SCALE } from '#engines/activemq/instance-types.ts'

export interface ActivemqOptions {
  /** The platform's; brokers are in `brokers/<broker id>/<instance>/`. */
  readonly dataDirectory: string
  /** Distributions and a Java are kept here, for every platform of this user. */
  readonly cacheDirectory: string
  readonly ca: CertificateAuthority
  readonly telemetry: Telemetry
  /** `SLUICE_JAVA`: a `java` command or the home of a Java. Left out: JAVA_HOME, PATH, or one that is fetched. */
  readonly java?: string
  /** A real interface to listen on, with ports of its own for each broker. Left out: loopback addresses with AWS's ports. */
  readonly bindAddress?: string
  /** Folder of an unpacked ActiveMQ, used for the version it holds. */
  readonly home?: string
  /** Base of a Maven repository, ending in `/`. */
  readonly repository?: string
  /** Heap of a broker as a part of what AWS's machine of that type would give; 1/16 when left out. */
  readonly heapScale?: number
  /** A PEM file: who may have signed the certificates of LDAP servers. Left out: public authorities. */
  readonly ldapCaFile?: string
  /** Processes run here; left out: on this machine. */
  readonly runtime?: Runtime
  /** Left out: the platform's own. JAVA_HOME and PATH are looked up in it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A broker flushes and closes its store within a few seconds; a full one may take longer. */
const STOP_GRACE_MILLIS = 30_000

/** Runs real Apache ActiveMQ brokers as processes that outlive the platform. */
export function activemqEngine(options: ActivemqOptions): BrokerEngine {
  const dataDirectory = resolve(options.dataDirectory)
  const environment = options.environment ?? process.env
  const runtime = options.runtime ?? localRuntime()
  const addresses = addressesFor(dataDirectory, options.bindAddress)
  const provision = provisioner({ ...options, cacheDirectory: resolve(options.cacheDirectory), environment })
  const ldap = ldapServers(options.ldapCaFile)
  const deps: StartDeps = {
    ldap,
    runtime,
    ca: options.ca,
    telemetry: options.telemetry,
    heapScale: options.heapScale ?? DEFAULT_HEAP_SCALE,
    graceMillis: STOP_GRACE_MILLIS,
  }
  const oneAtATime = keyedMutex()
  const starting = new Map<string, AbortController>()

  const layoutOf = (brokerId: string, instance: number): InstanceLayout =>
    instanceLayout(dataDirectory, brokerId, instance)
  const reserve = (base: string): Promise<Address> =>
    addresses.reserve(base, BROKER_PORTS, () => instanceDirectories(dataDirectory))

  const start = async (spec: BrokerSpec, layout: InstanceLayout, signal: AbortSignal): Promise<RunningBroker> => {
    const [address, provided] = await Promise.all([reserve(layout.base), provision(needsOf(spec))])
    const process = await startBroker(deps, { spec, layout, address, ...provided, signal })
    return running(process, address)
  }

  const stop = async (base: string): Promise<void> => {
    starting.get(base)?.abort(new Error('the broker was stopped while it started'))
    await oneAtATime(base, () => runtime.stop(base, STOP_GRACE_MILLIS))
  }

  return {
    async ensureInstalled(needs, progress) {
      await provision(needs, progress)
    },

    checkLdap: ldap.check,

    async reserveAddress(brokerId, instance) {
      return brokerAddress(await reserve(layoutOf(brokerId, instance).base))
    },

    start(spec, signal) {
      const layout = instanceLayout(dataDirectory, spec.brokerId, spec.instance, sharesStore(spec))
      return oneAtATime(layout.base, async () => {
        const abort = new AbortController()
        starting.set(layout.base, abort)
        try {
          return await start(spec, layout, AbortSignal.any([signal, abort.signal]))
        } finally {
          starting.delete(layout.base)
        }
      })
    },

    async adopt(brokerId, instance) {
      const { base } = layoutOf(brokerId, instance)
      const [address, process] = await Promise.all([readAddress(base), runtime.adopt(base)])
      return address === undefined || process === undefined ? undefined : running(process, address)
    },

    stop: (brokerId, instance) => stop(layoutOf(brokerId, instance).base),

    async remove(brokerId) {
      const directory = brokerDirectory(dataDirectory, brokerId)
      await Promise.all((await instancesIn(directory)).map(stop))
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    },

    async readMetrics(brokerId, instance) {
      const { base } = layoutOf(brokerId, instance)
      const [address, environment] = await Promise.all([readAddress(base), runtime.environment(base)])
      const platformUser = platformUserOf(environment)
      if (address === undefined || platformUser === undefined) return undefined
      return readMetrics({ address, platformUser, caPem: options.ca.certificatePem })
    },

    isCertificateDue: (brokerId, instance) => options.ca.isDue(layoutOf(brokerId, instance).certificate),

    logFiles: (brokerId, instance, log) => ({ directory: layoutOf(brokerId, instance).log, prefix: LOG_PREFIX[log] }),
  }
}

const needsOf = ({ engineVersion, ldap }: BrokerSpec): EngineNeeds => ({ engineVersion, hasLdap: ldap !== undefined })

const running = ({ pid, exited }: SupervisedProcess, address: Address): RunningBroker => ({
  pid,
  exited,
  address: brokerAddress(address),
})

/** Linux answers on every address of 127.0.0.0/8, so each broker can have AWS's own ports there. */
const addressesFor = (dataDirectory: string, bindAddress: string | undefined) => {
  if (bindAddress !== undefined) return allocatedPorts(dataDirectory, bindAddress)
  return process.platform === 'linux' ? loopbackAddresses(dataDirectory) : allocatedPorts(dataDirectory, '127.0.0.1')
}
