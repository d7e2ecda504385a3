import type { BrokerSpec, ConfigurationElement } from '#engines/broker-engine.ts'
import {
  type BrokerRecord,
  type BrokerSettings,
  LOG_KINDS,
  engineTypeOf,
  instanceNumbers,
  passwordContext,
} from '#services/mq/broker-record.ts'
import { type ConfigurationStore, idOf } from '#services/mq/configuration/configuration-store.ts'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { keptConfiguration } from '#services/mq/configuration/read-configuration.ts'
import { deliveryPlan, switchDeliveries } from '#services/mq/log-delivery.ts'
import type { RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import { type StepContext, startDeliveries } from '#services/mq/reconciler/step.ts'
import { openedLdap } from '#services/mq/stored-ldap.ts'

/** A download over a slow line. */
const INSTALL_LIMIT_MILLIS = 30 * 60_000
/** A broker with a large store on a busy machine. */
const START_LIMIT_MILLIS = 10 * 60_000

/** Makes sure that the engine is there; others may be waiting for the same installation. */
export async function install(
  record: BrokerRecord,
  { engineVersion: { runs: engineVersion }, ldap }: BrokerSettings,
  ctx: StepContext,
): Promise<void> {
  ctx.progress.set(record.brokerId, { what: `preparing ${engineTypeOf(record)} ${engineVersion}` })
  const limit = AbortSignal.any([ctx.signal, AbortSignal.timeout(INSTALL_LIMIT_MILLIS)])
  await unlessAborted(
    ctx.engine.ensureInstalled({ engineVersion, hasLdap: ldap !== undefined }, (step) =>
      ctx.progress.set(record.brokerId, step),
    ),
    limit,
  )
}

/**
 * Starts the instances of a broker that do not run, with these settings. When all of them stand still, its logs are
 * switched before its first line; beside an instance that runs they stay as they are.
 */
export async function bringUp(
  record: BrokerRecord,
  settings: BrokerSettings,
  ctx: StepContext,
): Promise<readonly RunningInstance[]> {
  const numbers = instanceNumbers(record)
  await install(record, settings, ctx)
  ctx.progress.set(record.brokerId, { what: 'waiting for other brokers to start' })
  return ctx.slots.run(async () => {
    ctx.signal.throwIfAborted()
    const stands = ctx.processes.running(numbers).length === 0
    const settled = stands ? await settleDeliveries(record, settings, ctx) : record
    startDeliveries(settled, ctx)
    ctx.progress.set(record.brokerId, { what: 'starting the broker' })
    const limit = AbortSignal.any([ctx.signal, AbortSignal.timeout(START_LIMIT_MILLIS)])
    await inOrder(record, ctx.processes.missing(numbers), async (number) => {
      await ctx.processes.instance(number).start(await brokerSpec(settled, number, settings, ctx), limit)
    })
    ctx.restarts.started()
    return ctx.processes.running(numbers)
  })
}

// The first of a pair has the store, so they start one after the other. A node of a cluster is up only when those are
// that ended after it, so they start together; one that fails leaves the others to start.
async function inOrder(
  { deploymentMode }: BrokerRecord,
  numbers: readonly number[],
  start: (number: number) => Promise<void>,
): Promise<void> {
  if (deploymentMode !== 'CLUSTER_MULTI_AZ') {
    for (const number of numbers) await start(number)
    return
  }
  const starts = await Promise.allSettled(numbers.map(start))
  const failed = starts.find((each) => each.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

// The switch is committed before the first line of the new start is written: after a crash in between, lines that are
// due are delivered and not passed over a second time. The record is read anew, since an attempt with other settings
// may have switched before.
async function settleDeliveries(
  record: BrokerRecord,
  settings: BrokerSettings,
  ctx: StepContext,
): Promise<BrokerRecord> {
  const newest = await ctx.store.get(record)
  const plan = deliveryPlan(settings, newest?.logGroups ?? {})
  if (newest !== undefined && LOG_KINDS.every((log) => plan[log] === newest.delivering[log])) return newest
  if (newest !== undefined) await switchDeliveries(newest, plan, ctx.engine, ctx.deliveries)
  const switched = await ctx.store.change(record, (broker) => ({ ...broker, delivering: plan }))
  if (switched === undefined) throw new Error(`broker ${record.brokerId} was deleted while it was starting`)
  return switched
}

async function brokerSpec(
  record: BrokerRecord,
  instance: number,
  settings: BrokerSettings,
  ctx: StepContext,
): Promise<BrokerSpec> {
  const { brokerId, brokerName } = record
  const sealer = await ctx.keys.sealer(record)
  return {
    brokerId,
    instance,
    instances: instanceNumbers(record),
    brokerName,
    engineVersion: settings.engineVersion.runs,
    hostInstanceType: settings.hostInstanceType,
    users: settings.users.map(({ sealedPassword, ...user }) => ({
      ...user,
      password: sealer.open(sealedPassword, passwordContext(brokerId, user.username)),
    })),
    ...(settings.ldap === undefined ? {} : { ldap: openedLdap(settings.ldap, brokerId, sealer) }),
    logs: { ...settings.logs, security: settings.logs.audit && ctx.auditDetail !== 'management' },
    configuration: await configurationOf(record, settings, ctx.configurations),
  }
}

async function configurationOf(
  record: BrokerRecord,
  { configuration }: BrokerSettings,
  configurations: ConfigurationStore,
): Promise<ConfigurationElement> {
  if (configuration === undefined) return keptConfiguration(DEFAULT_CONFIGURATION)
  const { id, revision } = configuration
  const found = await configurations.revision(idOf(record, configuration), revision)
  if (found === undefined) throw new Error(`revision ${String(revision)} of configuration ${id} is not there`)
  return keptConfiguration(found.data)
}

/** What `work` gives, or the reason of the abort if that comes first; the work itself goes on for whoever else wants it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason as Error)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
