import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#kernel/errors.ts'
import { type BrokerRecord, type BrokerSettings, LOG_KINDS, instanceNumbers } from '#services/mq/broker-record.ts'
import { deliveryPlan } from '#services/mq/log-delivery.ts'
import { bringUp, install } from '#services/mq/reconciler/bring-up.ts'
import type { RunningInstance } from '#services/mq/reconciler/broker-processes.ts'
import type { StepContext } from '#services/mq/reconciler/step.ts'

/** Recovering a large message store takes minutes. */
const TAKE_OVER_LIMIT_MILLIS = 10 * 60_000
const LOOK_MILLIS = 200

/**
 * Restarts a pair so that clients find one instance or the other: the standby first, then the one that serves, in whose
 * place the standby comes. Settings that the standby refuses cost no client its connection.
 * @returns `undefined` when that cannot be done: there is no pair, nobody is known to serve, or logs are switched, which
 * takes a broker that stands still
 */
export async function rollingRestart(
  record: BrokerRecord,
  settings: BrokerSettings,
  ctx: StepContext,
): Promise<readonly RunningInstance[] | Error | undefined> {
  const serving = await servingInstance(record, ctx)
  if (serving === undefined || switchesLogs(record, settings)) return undefined
  const standby = instanceNumbers(record).filter((number) => number !== serving)
  try {
    await install(record, settings.engineVersion, ctx)
    ctx.progress.set(record.brokerId, { what: 'restarting the standby' })
    await ctx.slots.run(() => ctx.processes.stop(standby))
    await bringUp(record, settings, ctx)
    ctx.progress.set(record.brokerId, { what: 'handing over to the standby' })
    await ctx.slots.run(() => ctx.processes.stop([serving]))
    await takenOver(record, standby, ctx)
    return await bringUp(record, settings, ctx)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    await standbyAgain(record, serving, ctx)
    return new Error(messageOf(error), { cause: error })
  }
}

/** The instance that answers; only one of a pair opens its ports. */
async function servingInstance(record: BrokerRecord, ctx: StepContext): Promise<number | undefined> {
  const numbers = instanceNumbers(record)
  if (numbers.length === 1 || ctx.processes.missing(numbers).length > 0) return undefined
  const answers = await Promise.all(numbers.map((number) => serves(record, number, ctx)))
  const [serving, other] = numbers.filter((_, index) => answers[index])
  return other === undefined ? serving : undefined
}

const serves = (record: BrokerRecord, number: number, { engine }: StepContext): Promise<boolean> =>
  engine.readMetrics(record.brokerId, number).then(
    (reading) => reading !== undefined,
    () => false,
  )

function switchesLogs(record: BrokerRecord, settings: BrokerSettings): boolean {
  const plan = deliveryPlan(settings, record.logGroups)
  return LOG_KINDS.some((log) => plan[log] !== record.delivering[log])
}

async function takenOver(record: BrokerRecord, standby: readonly number[], ctx: StepContext): Promise<void> {
  const limit = AbortSignal.any([ctx.signal, AbortSignal.timeout(TAKE_OVER_LIMIT_MILLIS)])
  for (;;) {
    if (ctx.processes.missing(standby).length > 0) throw new Error(ctx.restarts.lastReason)
    const answers = await Promise.all(standby.map((number) => serves(record, number, ctx)))
    if (answers.includes(true)) return
    await sleep(LOOK_MILLIS, undefined, { signal: limit })
  }
}

/** While the other instance still serves with its last good settings, the standby gets them back. */
async function standbyAgain(record: BrokerRecord, serving: number, ctx: StepContext): Promise<void> {
  if (ctx.processes.missing([serving]).length > 0 || record.applied === undefined) return
  await bringUp(record, record.applied, ctx).catch((error: unknown) => {
    ctx.telemetry.log.warn({ event: 'broker_standby_down', brokerId: record.brokerId, reason: messageOf(error) })
  })
}
