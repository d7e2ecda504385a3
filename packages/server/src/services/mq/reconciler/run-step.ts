import { messageOf } from '#kernel/errors.ts'
import { type BrokerRecord, instanceNumbers } from '#services/mq/broker-record.ts'
import { STEADY, healed, inState } from '#services/mq/broker-state.ts'
import { bringUp } from '#services/mq/reconciler/bring-up.ts'
import type { RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import {
  SETTLED,
  type Step,
  type StepContext,
  type StepResult,
  instancesOf,
  pidsOf,
  startDeliveries,
} from '#services/mq/reconciler/step.ts'

/** How often it is looked whether the key of a broker can still be used. */
const KEY_CHECK_MILLIS = 5 * 60_000

/**
 * Keeps a broker running with its applied settings: takes over the processes of an earlier life of the platform, else
 * starts one, again and again with growing waits. AWS shows such a broker as RUNNING; after repeated failures it is critical.
 */
export const runStep: Step = async (record, ctx) => {
  startDeliveries(record, ctx)
  const numbers = instanceNumbers(record)
  await adopt(record, ctx)
  const trouble = await ctx.keys.trouble(record)
  if (trouble !== undefined) return waitForKey(record, trouble, ctx)
  if (ctx.processes.missing(numbers).length === 0) return confirm(record, ctx.processes.running(numbers), ctx)
  if (ctx.restarts.waitMillis > 0) return waitForRestart(record, ctx)
  try {
    const started = await bringUp(record, record.applied ?? record.desired, ctx)
    ctx.telemetry.log.info({ event: 'broker_restarted', brokerId: record.brokerId, pids: pidsOf(started) })
    ctx.telemetry.meter.add('mq_broker_restarts_total', 1)
    return await confirm(record, started, ctx)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    ctx.restarts.failed(messageOf(error))
    return waitForRestart(record, ctx)
  }
}

async function adopt(record: BrokerRecord, ctx: StepContext): Promise<void> {
  const adopted = await ctx.processes.adopt(instanceNumbers(record))
  if (adopted.length === 0) return
  ctx.restarts.started()
  ctx.telemetry.log.info({ event: 'broker_adopted', brokerId: record.brokerId, pids: pidsOf(adopted) })
}

/** Writes what is true of the running broker, if the record says otherwise. */
async function confirm(
  record: BrokerRecord,
  running: readonly RunningInstance[],
  ctx: StepContext,
): Promise<StepResult> {
  const instances = instancesOf(running)
  await ctx.store.change(record, (broker) => {
    if (!STEADY.includes(broker.state)) return undefined
    const isSame = JSON.stringify(broker.instances) === JSON.stringify(instances)
    const wasDown = broker.problem?.kind === 'not-running' || broker.problem?.kind === 'key-unusable'
    if (isSame && !wasDown) return undefined
    const moved = { ...broker, instances }
    return wasDown ? healed(inState(moved, 'RUNNING', ctx.clock.now())) : moved
  })
  return record.encryptionKey === undefined ? SETTLED : { kind: 'again', inMillis: KEY_CHECK_MILLIS }
}

/**
 * A broker whose key cannot be used is degraded, as Amazon MQ documents it: what runs goes on, and nothing is started,
 * until the key can be used again.
 */
async function waitForKey(record: BrokerRecord, reason: string, ctx: StepContext): Promise<StepResult> {
  await ctx.store.change(record, (broker) => {
    const isKnown = broker.problem?.kind === 'key-unusable' && reason.startsWith(broker.problem.reason)
    if (isKnown || !STEADY.includes(broker.state)) return undefined
    ctx.telemetry.log.warn({ event: 'broker_key_unusable', brokerId: record.brokerId, reason })
    return inState(broker, 'CRITICAL_ACTION_REQUIRED', ctx.clock.now(), { kind: 'key-unusable', reason })
  })
  return { kind: 'again', inMillis: KEY_CHECK_MILLIS }
}

async function waitForRestart(record: BrokerRecord, ctx: StepContext): Promise<StepResult> {
  const { restarts } = ctx
  const reason = restarts.lastReason
  ctx.progress.set(record.brokerId, { what: `waiting before the next start: ${reason}` })
  ctx.telemetry.log.warn({ event: 'broker_down', brokerId: record.brokerId, failures: restarts.failures, reason })
  if (restarts.isCritical) {
    await ctx.store.change(record, (broker) => {
      const isKnown = broker.problem?.kind === 'not-running' && reason.startsWith(broker.problem.reason)
      if (isKnown || !STEADY.includes(broker.state)) return undefined
      return inState(broker, 'CRITICAL_ACTION_REQUIRED', ctx.clock.now(), { kind: 'not-running', reason })
    })
  }
  return { kind: 'again', inMillis: restarts.waitMillis }
}
