import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { brokerByArn } from '#services/mq/tagged-broker.ts'

/** All tags of a broker. */
export const listTags =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'ListTags'>, OperationOutput<'mq', 'ListTags'>> =>
  async ({ ResourceArn: arn }, ctx) => {
    const broker = await brokerByArn(arn, ctx, store)
    if (broker === undefined) throw mqErrors.resourceNotFound(arn)
    return { Tags: broker.tags }
  }
