import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { type TaggedStores, resourceByArn } from '#services/mq/tagged-resource.ts'

/** Takes tags away; keys that are not there are no error. */
export const deleteTags =
  (stores: TaggedStores): Handler<OperationInput<'mq', 'DeleteTags'>, OperationOutput<'mq', 'DeleteTags'>> =>
  async ({ ResourceArn: arn, TagKeys }, ctx) => {
    const gone = new Set(TagKeys)
    const resource = await resourceByArn(arn, ctx, stores)
    const changed = await resource?.change((tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    )
    if (changed === undefined) throw mqErrors.resourceNotFound(arn)
    return {}
  }
