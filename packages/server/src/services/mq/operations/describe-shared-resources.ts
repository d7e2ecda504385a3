import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import type { Paging } from '#services/mq/paging.ts'

type Input = OperationInput<'mq', 'DescribeSharedResources'>
type Output = OperationOutput<'mq', 'DescribeSharedResources'>

/** What a broker was given by resource shares: nothing, since UpdateBroker takes none here. */
export const describeSharedResources =
  ({ store, paging }: { readonly store: BrokerStore; readonly paging: Paging }): Handler<Input, Output> =>
  async (input, ctx) => {
    const { BrokerId: brokerId } = input
    paging.read('DescribeSharedResources', input, { brokerId }, ctx)
    const broker = await store.get({ account: ctx.account, region: ctx.region, brokerId })
    if (broker === undefined) throw mqErrors.brokerNotFound(brokerId)
    return { SharedResources: [] }
  }
