import { messageOf } from '#kernel/errors.ts'
import { type BrokerRecord, type BrokerSettings, instanceNumbers } from '#services/mq/broker-record.ts'
import { healed, inState } from '#services/mq/broker-state.ts'
import { isSame, withApplied } from '#services/mq/pending.ts'
import { bringUp, install } from '#services/mq/reconciler/bring-up.ts'
import type { RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import { rollingRestart } from '#services/mq/reconciler/rolling-restart.ts'
import { openedLdap } from '#services/mq/stored-ldap.ts'
import {
  SETTLED,
  type Step,
  type StepContext,
  instancesOf,
  pidsOf,
  startDeliveries,
} from '#services/mq/reconciler/step.ts'

/**
 * Stops the broker and starts it with what was pending; a pair one instance after the other. If it will not start so, it gets its last good settings back and
 * is critical until the next reboot; if those fail too, it is critical and tried again and again.
 */
export const rebootStep: Step = async (record, ctx) => {
  startDeliveries(record, ctx)
  const { desired } = record
  const refusal =
    (await unusableKey(record, ctx)) ??
    (await refusedDirectory(record, ctx)) ??
    (await rollingRestart(record, desired, ctx)) ??
    (await restart(record, desired, ctx, 'before-stop'))
  if (!(refusal instanceof Error)) {
    await commit(record, ctx, (broker) => ({
      ...withApplied(healed(inState(broker, 'RUNNING', ctx.clock.now())), desired),
      instances: instancesOf(refusal),
    }))
    ctx.telemetry.log.info({ event: 'broker_rebooted', brokerId: record.brokerId, pids: pidsOf(refusal) })
    return SETTLED
  }
  return fallBack(record, refusal.message, ctx)
}

/**
 * A directory that the broker is to take its clients from is asked first: one that does not answer would lock everybody out.
 * A directory that the broker has already is no reason to leave it down.
 */
async function refusedDirectory(
  record: BrokerRecord,
  { engine, progress, keys }: StepContext,
): Promise<Error | undefined> {
  const { brokerId, applied } = record
  const { ldap } = record.desired
  if (ldap === undefined || JSON.stringify(ldap) === JSON.stringify(applied?.ldap)) return undefined
  progress.set(brokerId, { what: 'asking its LDAP servers' })
  try {
    const fault = await engine.checkLdap(openedLdap(ldap, brokerId, await keys.sealer(record)))
    return fault && new Error(fault.reason)
  } catch (error) {
    return new Error(messageOf(error), { cause: error })
  }
}

/** A broker whose key cannot be used could not start again, so it is not stopped. */
async function unusableKey(record: BrokerRecord, ctx: StepContext): Promise<Error | undefined> {
  const trouble = await ctx.keys.trouble(record)
  return trouble === undefined ? undefined : new Error(trouble)
}

async function fallBack(record: BrokerRecord, reason: string, ctx: StepContext): ReturnType<Step> {
  ctx.telemetry.log.error({ event: 'broker_reboot_failed', brokerId: record.brokerId, reason })
  const last = record.applied
  const numbers = instanceNumbers(record)
  const isUp = ctx.processes.missing(numbers).length === 0
  const again = last && !isUp && !isSame(last, record.desired) ? await restart(record, last, ctx) : undefined
  const running = isUp ? ctx.processes.running(numbers) : again
  if (running !== undefined && !(running instanceof Error)) {
    await commit(record, ctx, (broker) => ({
      ...inState(broker, 'CRITICAL_ACTION_REQUIRED', ctx.clock.now(), {
        kind: 'settings-refused',
        reason: `The broker did not start with its pending settings and runs with those it had before: ${reason}`,
      }),
      instances: instancesOf(running),
    }))
    return SETTLED
  }
  const why = running?.message ?? reason
  ctx.restarts.failed(why)
  await commit(record, ctx, (broker) =>
    inState(broker, 'CRITICAL_ACTION_REQUIRED', ctx.clock.now(), { kind: 'not-running', reason: why }),
  )
  return { kind: 'again', inMillis: ctx.restarts.waitMillis }
}

/** @param install installing first means that a broker whose new version cannot be had is not stopped at all */
async function restart(
  record: BrokerRecord,
  settings: BrokerSettings,
  ctx: StepContext,
  order?: 'before-stop',
): Promise<readonly RunningInstance[] | Error> {
  try {
    if (order === 'before-stop') await install(record, settings, ctx)
    ctx.progress.set(record.brokerId, { what: 'stopping the broker' })
    await ctx.slots.run(() => ctx.processes.stop(instanceNumbers(record)))
    return await bringUp(record, settings, ctx)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    return new Error(messageOf(error), { cause: error })
  }
}

const commit = (
  record: BrokerRecord,
  ctx: StepContext,
  edit: (broker: BrokerRecord) => BrokerRecord,
): Promise<BrokerRecord | undefined> =>
  ctx.store.change(record, (broker) => (broker.state === 'REBOOT_IN_PROGRESS' ? edit(broker) : undefined))
