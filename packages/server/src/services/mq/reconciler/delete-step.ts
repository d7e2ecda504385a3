import { instanceNumbers } from '#services/mq/broker-record.ts'
import { drainDeliveries } from '#services/mq/log-delivery.ts'
import { type Step, startDeliveries } from '#services/mq/reconciler/step.ts'

/** Stops the broker, brings its last lines, removes its files, and only then the record. Log groups stay. */
export const deleteStep: Step = async (record, ctx) => {
  const { brokerId } = record
  startDeliveries(record, ctx)
  ctx.progress.set(brokerId, { what: 'stopping the broker' })
  await ctx.slots.run(() => ctx.processes.stop(instanceNumbers(record)))
  ctx.progress.set(brokerId, { what: 'delivering its last log lines' })
  await drainDeliveries(record, ctx.deliveries)
  ctx.progress.set(brokerId, { what: 'removing its files' })
  await ctx.engine.remove(brokerId)
  const reason = await ctx.keys.giveBack(record)
  if (reason !== undefined) ctx.telemetry.log.warn({ event: 'broker_grant_not_retired', brokerId, reason })
  await ctx.store.remove(record)
  ctx.telemetry.log.info({ event: 'broker_deleted', brokerId })
  return { kind: 'gone' }
}
