import type { LogsParts } from '#services/logs/deps.ts'
import { groupTags } from '#services/logs/tagged.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The older form of TagResource; both change the same tags. */
export const tagLogGroup =
  (deps: Pick<LogsParts, 'groups'>): LogsHandler<'TagLogGroup'> =>
  async ({ logGroupName, tags }, ctx) => {
    await groupTags(deps, ctx, logGroupName).change((existing) => mergedTags(existing, tags, logGroupName))
    return {}
  }
