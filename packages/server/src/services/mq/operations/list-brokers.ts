import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { summary } from '#services/mq/broker-view.ts'
import type { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import type { Paging } from '#services/mq/paging.ts'

interface ListBrokersDeps {
  readonly store: BrokerStore
  readonly unseen: UnseenBrokers
  readonly paging: Paging
}

/** Brokers by ascending id, a page at a time. */
export const listBrokers =
  ({
    store,
    unseen,
    paging,
  }: ListBrokersDeps): Handler<OperationInput<'mq', 'ListBrokers'>, OperationOutput<'mq', 'ListBrokers'>> =>
  async (input, ctx) => {
    const page = paging.read('ListBrokers', input, {}, ctx)
    // One more than asked for tells whether there is a next page.
    const found = await store.list(ctx, {
      limit: page.size + 1,
      ...(page.after === undefined ? {} : { after: page.after }),
    })
    const shown = found.slice(0, page.size)
    const last = found.length > page.size ? shown.at(-1) : undefined
    return {
      BrokerSummaries: shown.map((record) => summary(unseen.asItIs(record))),
      ...(last === undefined ? {} : { NextToken: page.next(last.brokerId) }),
    }
  }
