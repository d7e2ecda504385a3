import { messageOf } from '#kernel/errors.ts'
import type { BrokerRef } from '#services/mq/broker-record.ts'
import { BrokerWorker } from '#services/mq/reconciler/broker-worker.ts'
import type { ReconcilerDeps } from '#services/mq/reconciler/step.ts'

/** Makes brokers be what their records say, for as long as the platform runs. */
export interface BrokerReconciler {
  /** Takes up every broker from its record; resolves when all are being looked at, not when all run. */
  start(): Promise<void>
  /** Stops reconciling, and the brokers in order unless they are to be adopted by the next life of the platform. */
  close(options?: { readonly keepBrokers?: boolean }): Promise<void>
}

/** One worker a broker; nothing happens before `start`. */
export function brokerReconciler(deps: ReconcilerDeps): BrokerReconciler {
  const workers = new Map<string, BrokerWorker>()
  let unwatch: (() => void) | undefined
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
    },
    async close({ keepBrokers = false } = {}) {
      isClosed = true
      unwatch?.()
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
