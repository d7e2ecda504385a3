import { messageOf } from '#kernel/errors.ts'
import { every } from '#kernel/lifecycle.ts'
import type { BrokerRef } from '#services/mq/broker-record.ts'
import type { MetricCollector } from '#services/mq/metrics/collector.ts'
import { BrokerWorker } from '#services/mq/reconciler/broker-worker.ts'
import { maintain } from '#services/mq/reconciler/maintenance.ts'
import type { ReconcilerDeps } from '#services/mq/reconciler/step.ts'

/** Makes brokers be what their records say, for as long as the platform runs. */
export interface BrokerReconciler {
  /** Takes up every broker from its record; resolves when all are being looked at, not when all run. */
  start(): Promise<void>
  /** Stops reconciling, and the brokers in order unless they are to be adopted by the next life of the platform. */
  close(options?: { readonly keepBrokers?: boolean }): Promise<void>
}

/** How often maintenance windows are looked at; in real time, since the clock may be moved. */
const MAINTENANCE_CHECK_MILLIS = 10_000

/** How often AWS reads its brokers. @source Amazon MQ guide, metrics */
const METRICS_MILLIS = 60_000

/** One worker a broker; nothing happens before `start`. */
export function brokerReconciler({
  collector,
  ...deps
}: ReconcilerDeps & { readonly collector?: MetricCollector }): BrokerReconciler {
  const workers = new Map<string, BrokerWorker>()
  let unwatch: (() => void) | undefined
  const ends: (() => Promise<void>)[] = []
  let isClosed = false

  const look = (ref: BrokerRef): void => {
    if (isClosed) return
    workerOf(ref).poke()
  }

  function workerOf(ref: BrokerRef): BrokerWorker {
    const known = workers.get(ref.brokerId)
    if (known !== undefined) return known
    const worker = new BrokerWorker(ref, deps, () => workers.delete(ref.brokerId))
    workers.set(ref.brokerId, worker)
    return worker
  }

  return {
    async start() {
      unwatch = deps.store.watch(look)
      const refs = await deps.store.refs()
      for (const { brokerId } of refs) deps.unseen.expect(brokerId)
      for (const ref of refs) look(ref)
      const { log } = deps.telemetry
      ends.push(every(MAINTENANCE_CHECK_MILLIS, 'maintenance', log, () => maintain(deps)))
      if (collector !== undefined) ends.push(every(METRICS_MILLIS, 'broker metrics', log, () => collector.collect()))
    },
    async close({ keepBrokers = false } = {}) {
      isClosed = true
      unwatch?.()
      for (const end of ends) await end()
      const closing = await Promise.allSettled(
        [...workers.values()].map((worker) => worker.close({ stopBroker: !keepBrokers })),
      )
      for (const each of closing) {
        if (each.status === 'rejected')
          deps.telemetry.log.warn({ event: 'broker_close_failed', reason: messageOf(each.reason) })
      }
    },
  }
}
