import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { selectorsView } from '#services/cloudtrail/selectors/view.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** What the trail selects. */
export const getEventSelectors =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'GetEventSelectors'> =>
  async ({ TrailName }, ctx) =>
    selectorsView(await trails.require(trailRef(TrailName, ctx), ctx))
