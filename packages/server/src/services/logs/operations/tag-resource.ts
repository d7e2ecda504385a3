import type { LogsParts } from '#services/logs/deps.ts'
import { addTags, taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Adds tags and replaces those with the same keys. */
export const tagResource =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'TagResource'> =>
  async ({ resourceArn, tags }, ctx) => {
    await addTags(groups, ctx, taggedGroup(resourceArn, ctx), tags, resourceArn)
    return {}
  }
