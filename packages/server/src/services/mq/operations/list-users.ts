import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { userSummaries } from '#services/mq/broker-view.ts'
import { mqErrors } from '#services/mq/errors.ts'
import type { Paging } from '#services/mq/paging.ts'

/** The users of a broker by name, a page at a time. */
export const listUsers =
  ({
    store,
    paging,
  }: {
    readonly store: BrokerStore
    readonly paging: Paging
  }): Handler<OperationInput<'mq', 'ListUsers'>, OperationOutput<'mq', 'ListUsers'>> =>
  async (input, ctx) => {
    const { BrokerId: brokerId } = input
    const broker = await store.get({ account: ctx.account, region: ctx.region, brokerId })
    if (broker === undefined) throw mqErrors.brokerNotFound(brokerId)
    // By name, so that a page goes on where the last one ended although the order of creation changes with a reboot.
    const users = userSummaries(broker).toSorted((a, b) => (a.Username < b.Username ? -1 : 1))
    const { items, ...page } = paging.slice('ListUsers', input, { brokerId }, users, ctx)
    return { BrokerId: brokerId, Users: items, ...page }
  }
