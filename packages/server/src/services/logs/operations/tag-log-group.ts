import type { LogsParts } from '#services/logs/deps.ts'
import { addTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The older form of TagResource; both change the same tags. */
export const tagLogGroup =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'TagLogGroup'> =>
  async ({ logGroupName, tags }, ctx) => {
    await addTags(groups, ctx, logGroupName, tags, logGroupName)
    return {}
  }
