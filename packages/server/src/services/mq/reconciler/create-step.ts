import { messageOf } from '#kernel/errors.ts'
import { type BrokerRecord, instanceNumbers } from '#services/mq/broker-record.ts'
import { healed, inState } from '#services/mq/broker-state.ts'
import { drainDeliveries } from '#services/mq/log-delivery.ts'
import { withApplied } from '#services/mq/pending.ts'
import { bringUp } from '#services/mq/reconciler/bring-up.ts'
import type { RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import { SETTLED, type Step, type StepContext, instancesOf, pidsOf } from '#services/mq/reconciler/step.ts'

/** Installs, reserves an address, starts. A failure is final, as on AWS: the broker can only be deleted then. */
export const createStep: Step = async (record, ctx) => {
  const running = await begin(record, ctx)
  if (running instanceof Error) {
    await abandon(record, running.message, ctx)
    return SETTLED
  }
  await ctx.store.change(record, (broker) =>
    broker.state === 'CREATION_IN_PROGRESS'
      ? {
          ...withApplied(healed(inState(broker, 'RUNNING', ctx.clock.now())), record.desired),
          instances: instancesOf(running),
        }
      : undefined,
  )
  ctx.telemetry.log.info({ event: 'broker_created', brokerId: record.brokerId, pids: pidsOf(running) })
  return SETTLED
}

async function begin(record: BrokerRecord, ctx: StepContext): Promise<readonly RunningInstance[] | Error> {
  try {
    ctx.progress.set(record.brokerId, { what: 'reserving its addresses' })
    for (const instance of instanceNumbers(record)) await ctx.engine.reserveAddress(record.brokerId, instance)
    return await bringUp(record, record.desired, ctx)
  } catch (error) {
    // The platform stops: the record still says what is to be done.
    if (ctx.signal.aborted) throw error
    return new Error(messageOf(error), { cause: error })
  }
}

async function abandon(record: BrokerRecord, reason: string, ctx: StepContext): Promise<void> {
  ctx.telemetry.log.error({ event: 'broker_creation_failed', brokerId: record.brokerId, reason })
  await ctx.processes.stop(instanceNumbers(record)).catch((error: unknown) => {
    ctx.telemetry.log.warn({ event: 'broker_stop_failed', brokerId: record.brokerId, reason: messageOf(error) })
  })
  // Its last lines may say why.
  await drainDeliveries(record, ctx.deliveries)
  await ctx.store.change(record, (broker) =>
    broker.state === 'CREATION_IN_PROGRESS'
      ? inState(broker, 'CREATION_FAILED', ctx.clock.now(), { kind: 'creation-failed', reason })
      : undefined,
  )
}
