import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { configuredTrail } from '#services/cloudtrail/trails/configured-trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Keeps the events of a trail as they are; summaries of data events are not made, so a wish for them is refused. */
export const putEventConfiguration =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'PutEventConfiguration'> =>
  async (input, ctx) => {
    const ref = configuredTrail(input, ctx)
    const { MaxEventSize, ContextKeySelectors, AggregationConfigurations } = input
    if ((MaxEventSize ?? ContextKeySelectors) !== undefined) {
      throw cloudtrailErrors.combination(
        'MaxEventSize and ContextKeySelectors are settings of event data stores. Of a trail, AggregationConfigurations can be set.',
      )
    }
    if (AggregationConfigurations === undefined)
      throw cloudtrailErrors.combination('Specify the AggregationConfigurations of the trail; an empty list ends them.')
    const trail = await trails.requireHome(ref, ctx)
    if (AggregationConfigurations.length > 0) throw cloudtrailErrors.notBuilt('Aggregating the data events of a trail')
    return { TrailARN: trail.arn, AggregationConfigurations: [] }
  }
