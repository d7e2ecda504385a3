import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Ends the trail; what it logged before is still delivered, with a last digest. */
export const deleteTrail =
  ({
    trails,
    states,
    journal,
  }: Pick<CloudTrailParts, 'trails' | 'states' | 'journal'>): CloudTrailHandler<'DeleteTrail'> =>
  async ({ Name }, ctx) => {
    const trail = await trails.requireHome(trailRef(Name, ctx), ctx)
    await trails.delete(trail, states.retirement(trail, journal.nextSeq(), ctx.now))
    return {}
  }
