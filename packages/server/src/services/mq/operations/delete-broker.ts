import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerState } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { inState } from '#services/mq/broker-state.ts'
import { mqErrors } from '#services/mq/errors.ts'

// AWS refuses the states in between; deleting what is being deleted is the same request again.
const DELETABLE: ReadonlySet<BrokerState> = new Set([
  'RUNNING',
  'CREATION_FAILED',
  'CRITICAL_ACTION_REQUIRED',
  'DELETION_IN_PROGRESS',
])

/** Flips the state before it answers; the reconciler stops the broker and removes it. Its log groups stay. */
export const deleteBroker =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'DeleteBroker'>, OperationOutput<'mq', 'DeleteBroker'>> =>
  async ({ BrokerId: brokerId }, { account, region, now }) => {
    const record = await store.change({ account, region, brokerId }, (broker) => {
      if (!DELETABLE.has(broker.state)) throw mqErrors.wrongState(broker.brokerName, 'deleted', broker.state)
      return broker.state === 'DELETION_IN_PROGRESS' ? undefined : inState(broker, 'DELETION_IN_PROGRESS', now)
    })
    if (record === undefined) throw mqErrors.brokerNotFound(brokerId)
    return { BrokerId: brokerId }
  }
