import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { taggedTrail } from '#services/cloudtrail/trails/tagged-trail.ts'
import { mergedTags } from '#services/cloudtrail/trails/tags.ts'
import { recordOf } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Tags join those of the trail, or replace their values. */
export const addTags =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'AddTags'> =>
  async ({ ResourceId, TagsList }, ctx) => {
    const trail = await taggedTrail(trails, ResourceId, ctx)
    await trails.change(trail, (now) => ({ ...recordOf(now), tags: mergedTags(now.tags, TagsList) }))
    return {}
  }
