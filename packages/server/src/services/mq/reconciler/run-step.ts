import type { RunningBroker } from '#engines/broker-engine.ts'
import { messageOf } from '#kernel/errors.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { STEADY, healed, inState } from '#services/mq/broker-state.ts'
import { bringUp } from '#services/mq/reconciler/bring-up.ts'
import {
  SETTLED,
  type Step,
  type StepContext,
  type StepResult,
  instanceOf,
  startDeliveries,
} from '#services/mq/reconciler/step.ts'

/**
 * Keeps a broker running with its applied settings: takes over the process of an earlier life of the platform, else
 * starts one, again and again with growing waits. AWS shows such a broker as RUNNING; after repeated failures it is critical.
 */
export const runStep: Step = async (record, ctx) => {
  startDeliveries(record, ctx)
  const running = ctx.process.current ?? (await adopt(record, ctx))
  if (running !== undefined) return confirm(record, running, ctx)
  if (ctx.restarts.waitMillis > 0) return waitForRestart(record, ctx)
  try {
    const started = await bringUp(record, record.applied ?? record.desired, ctx)
    ctx.telemetry.log.info({ event: 'broker_restarted', brokerId: record.brokerId, pid: started.pid })
    ctx.telemetry.meter.add('mq_broker_restarts_total', 1)
    return await confirm(record, started, ctx)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    ctx.restarts.failed(messageOf(error))
    return waitForRestart(record, ctx)
  }
}

async function adopt(record: BrokerRecord, ctx: StepContext): Promise<RunningBroker | undefined> {
  const adopted = await ctx.process.adopt()
  if (adopted === undefined) return undefined
  ctx.restarts.started()
  ctx.telemetry.log.info({ event: 'broker_adopted', brokerId: record.brokerId, pid: adopted.pid })
  return adopted
}

/** Writes what is true of the running broker, if the record says otherwise. */
async function confirm(record: BrokerRecord, running: RunningBroker, ctx: StepContext): Promise<StepResult> {
  const instance = instanceOf(record, running)
  await ctx.store.change(record, (broker) => {
    if (!STEADY.includes(broker.state)) return undefined
    const isSame = JSON.stringify(broker.instances) === JSON.stringify([instance])
    const wasDown = broker.problem?.kind === 'not-running'
    if (isSame && !wasDown) return undefined
    const moved = { ...broker, instances: [instance] }
    return wasDown ? healed(inState(moved, 'RUNNING', ctx.clock.now())) : moved
  })
  return SETTLED
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
