import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { brokerByArn } from '#services/mq/tagged-broker.ts'

/** Takes tags away; keys that are not there are no error. */
export const deleteTags =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'DeleteTags'>, OperationOutput<'mq', 'DeleteTags'>> =>
  async ({ ResourceArn: arn, TagKeys }, ctx) => {
    const gone = new Set(TagKeys)
    const broker = await brokerByArn(arn, ctx, store)
    const changed =
      broker &&
      (await store.change(broker, (record) => ({
        ...record,
        tags: Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.has(key))),
      })))
    if (changed === undefined) throw mqErrors.resourceNotFound(arn)
    return {}
  }
