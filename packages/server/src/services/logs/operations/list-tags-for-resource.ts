import type { LogsParts } from '#services/logs/deps.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The same tags as ListTagsLogGroup. */
export const listTagsForResource =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'ListTagsForResource'> =>
  async ({ resourceArn }, ctx) => {
    const { tags } = await groups.require(ctx, taggedGroup(resourceArn, ctx))
    return { tags }
  }
