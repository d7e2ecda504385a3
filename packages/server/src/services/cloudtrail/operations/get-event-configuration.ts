import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { configuredTrail } from '#services/cloudtrail/trails/configured-trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** How a trail's events are aggregated: not at all. Sizes and context keys are of event data stores. */
export const getEventConfiguration =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'GetEventConfiguration'> =>
  async (input, ctx) => {
    const trail = await trails.require(configuredTrail(input, ctx), ctx)
    return { TrailARN: trail.arn, AggregationConfigurations: [] }
  }
