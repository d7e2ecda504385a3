import { pkcs12 } from '#kernel/ca.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { javaArguments } from '#engines/activemq/command.ts'
import { instanceType, scaledHeapMib } from '#engines/activemq/instance-types.ts'
import { sharesStore } from '#engines/activemq/layout.ts'
import type { InstanceLayout } from '#engines/activemq/layout.ts'
import { endTornEvents } from '#engines/activemq/log-files.ts'
import { LogFollower } from '#engines/activemq/log-follower.ts'
import { whenReady } from '#engines/activemq/readiness.ts'
import { prepareDirectories, writeConfiguration } from '#engines/activemq/render/base-directory.ts'
import { ldapPasswords } from '#engines/activemq/render/ldap-permissions.ts'
import { networkPasswords } from '#engines/activemq/render/network-connectors.ts'
import { LOG_PREFIX } from '#engines/activemq/render/log4j2.ts'
import { newRunSecrets, secretsEnvironment } from '#engines/activemq/run-secrets.ts'
import type { RunSecrets } from '#engines/activemq/run-secrets.ts'
import { storageLimits } from '#engines/activemq/storage-limits.ts'
import { checkStore } from '#engines/activemq/store-access.ts'
import { trustStore } from '#engines/activemq/trust-store.ts'
import type { BrokerSpec, LdapFault } from '#engines/broker-engine.ts'
import type { LdapServers } from '#engines/ldap/authorities.ts'
import { portsInUse } from '#supervisor/ports.ts'
import type { Address } from '#supervisor/addresses.ts'
import type { Runtime, SupervisedProcess } from '#supervisor/runtime.ts'
import { EndedEarly } from '#supervisor/wait-until.ts'

export interface StartDeps {
  readonly runtime: Runtime
  readonly ca: CertificateAuthority
  readonly telemetry: Telemetry
  readonly heapScale: number
  readonly ldap: LdapServers
  /** How long a leftover, or a broker that did not get ready, may take to end by itself. */
  readonly graceMillis: number
}

export interface StartInput {
  readonly spec: BrokerSpec
  readonly layout: InstanceLayout
  readonly address: Address
  readonly home: string
  readonly java: string
  readonly libraries: readonly string[]
  readonly signal: AbortSignal
}

/** Ends a leftover, renders, launches, and resolves when everything answers; a broker that does not get there is stopped again. */
export async function startBroker(deps: StartDeps, input: StartInput): Promise<SupervisedProcess> {
  const { layout, address, signal } = input
  await endLeftover(deps, input)
  signal.throwIfAborted()
  const secrets = newRunSecrets()
  const ldapAuthorities = input.spec.ldap && (await deps.ldap.authorities())
  const ldapFault = await faultOfDirectory(input.spec, deps.ldap)
  await render(deps, input, secrets, ldapAuthorities)
  const log = await LogFollower.fromEnd(layout.log, LOG_PREFIX.general)
  const begun = performance.now()
  const process = await launch(deps, input, secrets, ldapAuthorities !== undefined)
  try {
    await whenReady({
      process,
      log,
      address,
      caPem: deps.ca.certificatePem,
      platformUser: secrets.platformUser,
      mayStandBy: sharesStore(input.spec),
      signal,
    })
  } catch (error) {
    await deps.runtime.stop(layout.base, deps.graceMillis)
    throw withReason(error instanceof EndedEarly ? endedEarly(error) : error, ldapFault)
  }
  started(deps.telemetry, input.spec, process.pid, (performance.now() - begun) / 1_000)
  return process
}

/**
 * Whether its directory answers is no condition of a broker's start, unless its configuration makes it one; that nobody gets
 * in without a password is.
 */
async function faultOfDirectory({ ldap }: BrokerSpec, servers: LdapServers): Promise<LdapFault | undefined> {
  const fault = ldap && (await servers.check(ldap))
  if (fault?.kind === 'unsafe') throw new Error(fault.reason)
  return fault
}

/** A broker that takes its permissions from a directory does not start without it, and says so in Java's words only. */
const withReason = (error: unknown, fault: LdapFault | undefined): unknown =>
  fault === undefined ? error : new Error(`${messageOf(error)}; ${fault.reason}`, { cause: error })

/** The one line of a Java stack trace that says what happened. */
function endedEarly(error: EndedEarly): Error {
  const lines = error.exit.lastOutput.split('\n')
  const reason = lines.findLast((line) => /^(ERROR|Error|Caused by|Exception)\b/.test(line)) ?? lines.at(-1) ?? ''
  return new Error(
    `the broker ended before it was ready: ${reason === '' ? `exit code ${String(error.exit.code)}` : reason}`,
    { cause: error },
  )
}

/** A process of an earlier life that was not adopted holds the store and the ports; who else holds them is not ours to end. */
async function endLeftover({ runtime, graceMillis }: StartDeps, { layout, address }: StartInput): Promise<void> {
  await runtime.stop(layout.base, graceMillis)
  const held = await portsInUse(address.host, address.ports)
  if (held.length === 0) return
  const ports = `${held.length === 1 ? 'port' : 'ports'} ${held.join(', ')} of ${address.host}`
  throw new Error(`the broker cannot start, because another process listens on ${ports}; end that process`)
}

async function render(
  { ca }: StartDeps,
  { spec, layout, home, address }: StartInput,
  secrets: RunSecrets,
  ldapAuthorities: string | undefined,
): Promise<void> {
  await prepareDirectories(layout)
  await endTornEvents(layout.log)
  const ipAddresses = [
    ...new Set([address.advertised, ...(address.host === '0.0.0.0' || address.host === '::' ? ['127.0.0.1'] : [])]),
  ]
  const { maximumConnections, storageGib } = instanceType(spec.hostInstanceType)
  const certificate = await ca.issueTo(layout.certificate, { commonName: spec.brokerId, ipAddresses })
  const keyStore = await pkcs12(certificate, secrets.keyStorePassword, spec.brokerId)
  await checkStore(layout.store)
  const storage = await storageLimits(layout.store, storageGib)
  await writeConfiguration(
    { spec, layout, home, address, maximumConnections, storage, secrets },
    {
      own: keyStore,
      trusted: trustStore(ca.certificatePem, secrets.keyStorePassword),
      ldap: ldapAuthorities === undefined ? undefined : trustStore(ldapAuthorities, secrets.keyStorePassword),
    },
  )
}

function launch(
  { runtime, heapScale }: StartDeps,
  { spec, layout, home, java, libraries, address }: StartInput,
  secrets: RunSecrets,
  hasLdapTrustStore: boolean,
): Promise<SupervisedProcess> {
  const heapMib = scaledHeapMib(instanceType(spec.hostInstanceType), heapScale)
  return runtime.launch({
    directory: layout.base,
    command: java,
    args: javaArguments({
      title: `${spec.brokerId}-${String(spec.instance)}`,
      home,
      host: address.host,
      heapMib,
      audit: spec.logs.audit,
      libraries,
      hasLdapTrustStore,
    }),
    environment: {
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      ...secretsEnvironment(secrets),
      ...networkPasswords(spec.configuration, spec.users),
      ...ldapPasswords(spec.ldap),
    },
  })
}

function started(
  { log, meter }: Telemetry,
  { brokerId, instance, engineVersion }: BrokerSpec,
  pid: number,
  seconds: number,
): void {
  log.info({ event: 'broker_started', brokerId, instance, engineVersion, pid, seconds })
  meter.observeSeconds('broker_start_seconds', seconds)
}
