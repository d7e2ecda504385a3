import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The older form of ListTagsForResource. */
export const listTagsLogGroup =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'ListTagsLogGroup'> =>
  async ({ logGroupName }, ctx) => {
    const { tags } = await groups.require(ctx, logGroupName)
    return { tags }
  }
