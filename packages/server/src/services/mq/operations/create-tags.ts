import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkTagCount, checkTags } from '#services/mq/rules/tags.ts'
import { type TaggedStores, resourceByArn } from '#services/mq/tagged-resource.ts'

/** Adds tags, or gives those that exist a new value. */
export const createTags =
  (stores: TaggedStores): Handler<OperationInput<'mq', 'CreateTags'>, OperationOutput<'mq', 'CreateTags'>> =>
  async ({ ResourceArn: arn, Tags }, ctx) => {
    const added = checkTags(Tags)
    const resource = await resourceByArn(arn, ctx, stores)
    const changed = await resource?.change((tags) => checkTagCount({ ...tags, ...added }))
    if (changed === undefined) throw mqErrors.resourceNotFound(arn)
    return {}
  }
