import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkTagCount, checkTags } from '#services/mq/rules/tags.ts'
import { brokerByArn } from '#services/mq/tagged-broker.ts'

/** Adds tags, or gives those that exist a new value. */
export const createTags =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'CreateTags'>, OperationOutput<'mq', 'CreateTags'>> =>
  async ({ ResourceArn: arn, Tags }, ctx) => {
    const tags = checkTags(Tags)
    const broker = await brokerByArn(arn, ctx, store)
    const changed =
      broker &&
      (await store.change(broker, (record) => ({ ...record, tags: checkTagCount({ ...record.tags, ...tags }) })))
    if (changed === undefined) throw mqErrors.resourceNotFound(arn)
    return {}
  }
