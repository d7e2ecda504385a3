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
 * Restarts one instance after the other so that clients always find one: of a pair the standby first, then the one that
 * serves, in whose place the standby comes. Settings that the first one refuses cost no client its connection.
 * @returns `undefined` when that cannot be done: there is one instance, nobody is known to serve, or logs are switched,
 * which takes a broker that stands still
 */
export async function rollingRestart(
  record: BrokerRecord,
  settings: BrokerSettings,
  ctx: StepContext,
): Promise<readonly RunningInstance[] | Error | undefined> {
  const order = await restartOrder(record, settings, ctx)
  if (order === undefined || switchesLogs(record, settings)) return undefined
  try {
    await install(record, settings, ctx)
    for (const number of order) {
      ctx.progress.set(record.brokerId, { what: `restarting instance ${String(number)}` })
      await ctx.slots.run(() => ctx.processes.stop([number]))
      if (isPair(record)) await takenOver(record, without(order, number), ctx)
      await bringUp(record, settings, ctx)
    }
    return ctx.processes.running(order)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    await firstAgain(record, order, ctx)
    return new Error(messageOf(error), { cause: error })
  }
}

const isPair = ({ deploymentMode }: BrokerRecord): boolean => deploymentMode === 'ACTIVE_STANDBY_MULTI_AZ'

const without = (numbers: readonly number[], number: number): readonly number[] =>
  numbers.filter((each) => each !== number)

/** The one that serves comes last. */
async function restartOrder(
  record: BrokerRecord,
  { engineVersion }: BrokerSettings,
  ctx: StepContext,
): Promise<readonly number[] | undefined> {
  const numbers = instanceNumbers(record)
  if (numbers.length === 1 || ctx.processes.missing(numbers).length > 0) return undefined
  // Nodes of different versions may not understand each other.
  if (!isPair(record)) return engineVersion.runs === record.applied?.engineVersion.runs ? numbers : undefined
  const serving = await servingInstance(record, numbers, ctx)
  return serving === undefined ? undefined : [...without(numbers, serving), serving]
}

/** The instance that answers; only one of a pair opens its ports. */
async function servingInstance(
  record: BrokerRecord,
  numbers: readonly number[],
  ctx: StepContext,
): Promise<number | undefined> {
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

/** Resolves when one of the others serves. */
async function takenOver(record: BrokerRecord, others: readonly number[], ctx: StepContext): Promise<void> {
  const limit = AbortSignal.any([ctx.signal, AbortSignal.timeout(TAKE_OVER_LIMIT_MILLIS)])
  for (;;) {
    if (ctx.processes.missing(others).length > 0) throw new Error(ctx.restarts.lastReason)
    const answers = await Promise.all(others.map((number) => serves(record, number, ctx)))
    if (answers.includes(true)) return
    await sleep(LOOK_MILLIS, undefined, { signal: limit })
  }
}

/** While the others still run with their last good settings, the first one gets them back. */
async function firstAgain(record: BrokerRecord, order: readonly number[], ctx: StepContext): Promise<void> {
  if (ctx.processes.missing(order.slice(1)).length > 0 || record.applied === undefined) return
  await bringUp(record, record.applied, ctx).catch((error: unknown) => {
    ctx.telemetry.log.warn({ event: 'broker_instance_down', brokerId: record.brokerId, reason: messageOf(error) })
  })
}
