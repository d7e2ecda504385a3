import type { LogsParts } from '#services/logs/deps.ts'
import { groupTags } from '#services/logs/tagged.ts'
import { remainingTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The older form of UntagResource; both change the same tags. */
export const untagLogGroup =
  (deps: Pick<LogsParts, 'groups'>): LogsHandler<'UntagLogGroup'> =>
  async ({ logGroupName, tags }, ctx) => {
    await groupTags(deps, ctx, logGroupName).change((existing) => remainingTags(existing, tags))
    return {}
  }
