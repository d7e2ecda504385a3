import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { trailView } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** The settings of one trail. */
export const getTrail =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'GetTrail'> =>
  async ({ Name }, ctx) => ({ Trail: trailView(await trails.require(trailRef(Name, ctx), ctx)) })
