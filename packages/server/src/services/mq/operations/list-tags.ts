import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { type TaggedStores, resourceByArn } from '#services/mq/tagged-resource.ts'

/** All tags of a broker or configuration. */
export const listTags =
  (stores: TaggedStores): Handler<OperationInput<'mq', 'ListTags'>, OperationOutput<'mq', 'ListTags'>> =>
  async ({ ResourceArn: arn }, ctx) => {
    const resource = await resourceByArn(arn, ctx, stores)
    if (resource === undefined) throw mqErrors.resourceNotFound(arn)
    return { Tags: resource.tags }
  }
