import type { LogsParts } from '#services/logs/deps.ts'
import { taggedResource } from '#services/logs/tagged.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Adds tags and replaces those with the same keys. */
export const tagResource =
  (deps: Pick<LogsParts, 'groups' | 'taggedThings'>): LogsHandler<'TagResource'> =>
  async ({ resourceArn, tags }, ctx) => {
    await taggedResource(deps, resourceArn, ctx).change((existing) => mergedTags(existing, tags, resourceArn))
    return {}
  }
