import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { describeBroker as view } from '#services/mq/broker-view.ts'
import type { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import { mqErrors } from '#services/mq/errors.ts'

/** The whole broker, by its id. */
export const describeBroker =
  ({
    store,
    unseen,
  }: {
    readonly store: BrokerStore
    readonly unseen: UnseenBrokers
  }): Handler<OperationInput<'mq', 'DescribeBroker'>, OperationOutput<'mq', 'DescribeBroker'>> =>
  async ({ BrokerId: brokerId }, { account, region }) => {
    const record = await store.get({ account, region, brokerId })
    if (record === undefined) throw mqErrors.brokerNotFound(brokerId)
    return view(unseen.asItIs(record))
  }
