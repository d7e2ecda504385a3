import type { LogsParts } from '#services/logs/deps.ts'
import { taggedResource } from '#services/logs/tagged.ts'
import { remainingTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Keys that the resource does not have are passed over. */
export const untagResource =
  (deps: Pick<LogsParts, 'groups' | 'taggedThings'>): LogsHandler<'UntagResource'> =>
  async ({ resourceArn, tagKeys }, ctx) => {
    await taggedResource(deps, resourceArn, ctx).change((existing) => remainingTags(existing, tagKeys))
    return {}
  }
