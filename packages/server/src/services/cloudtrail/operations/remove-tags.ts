import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { taggedTrail } from '#services/cloudtrail/trails/tagged-trail.ts'
import { remainingTags } from '#services/cloudtrail/trails/tags.ts'
import { recordOf } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Takes tags off the trail; those it has not are passed over. */
export const removeTags =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'RemoveTags'> =>
  async ({ ResourceId, TagsList }, ctx) => {
    const trail = await taggedTrail(trails, ResourceId, ctx)
    await trails.change(trail, (now) => ({ ...recordOf(now), tags: remainingTags(now.tags, TagsList) }))
    return {}
  }
