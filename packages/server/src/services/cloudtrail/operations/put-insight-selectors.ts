import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { CloudTrailHandler, InsightSelector } from '#services/cloudtrail/types.ts'

/** Keeps which insights are wanted; none switches them off. Insight events are not produced. */
export const putInsightSelectors =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'PutInsightSelectors'> =>
  async ({ TrailName, EventDataStore, InsightsDestination, InsightSelectors }, ctx) => {
    if (EventDataStore !== undefined || InsightsDestination !== undefined)
      throw cloudtrailErrors.notBuilt('PutInsightSelectors for an event data store')
    if (TrailName === undefined) throw cloudtrailErrors.parameter('TrailName is required.')
    const ref = trailRef(TrailName, ctx)
    checkInsights(InsightSelectors)
    const trail = await trails.set(await trails.requireHome(ref, ctx), { insights: InsightSelectors })
    return { TrailARN: trail.arn, InsightSelectors: trail.insights }
  }

function checkInsights(given: readonly InsightSelector[]): void {
  const types = given.map(({ InsightType }) => InsightType)
  if (types.includes(undefined)) throw cloudtrailErrors.insights('Every insight selector has an InsightType.')
  if (new Set(types).size !== types.length) throw cloudtrailErrors.insights('An InsightType is given once.')
}
