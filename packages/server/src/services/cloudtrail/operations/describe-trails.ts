import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { trailView } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** The trails that are named, those that are not there left out; without names all that the region shows. */
export const describeTrails =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'DescribeTrails'> =>
  async ({ trailNameList: names = [], includeShadowTrails = true }, ctx) => {
    const refs = names.map((name) => trailRef(name, ctx))
    const found =
      refs.length === 0 ? await trails.shownIn(ctx) : await Promise.all(refs.map((ref) => trails.find(ref, ctx)))
    return {
      trailList: found
        .filter((trail) => trail !== undefined)
        .filter(({ home }) => includeShadowTrails || home === ctx.region)
        .map(trailView),
    }
  }
