import type { LogsParts } from '#services/logs/deps.ts'
import { removeTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The older form of UntagResource; both change the same tags. */
export const untagLogGroup =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'UntagLogGroup'> =>
  async ({ logGroupName, tags }, ctx) => {
    await removeTags(groups, ctx, logGroupName, tags)
    return {}
  }
