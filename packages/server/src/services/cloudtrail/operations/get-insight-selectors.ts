import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Which insights are wanted of the trail. */
export const getInsightSelectors =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'GetInsightSelectors'> =>
  async ({ TrailName, EventDataStore }, ctx) => {
    if (EventDataStore !== undefined) throw cloudtrailErrors.notBuilt('GetInsightSelectors of an event data store')
    if (TrailName === undefined) throw cloudtrailErrors.parameter('TrailName is required.')
    const { arn, insights } = await trails.require(trailRef(TrailName, ctx), ctx)
    if (insights.length === 0) throw cloudtrailErrors.noInsights(arn)
    return { TrailARN: arn, InsightSelectors: insights }
  }
