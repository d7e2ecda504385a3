import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Insight events of a trail: of one without insights there are none, and insights are not worked out here. */
export const listInsightsData =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'ListInsightsData'> =>
  async ({ InsightSource, StartTime, EndTime, NextToken }, ctx) => {
    if (!InsightSource.startsWith('arn:')) throw cloudtrailErrors.parameter('InsightSource is the ARN of a trail.')
    if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime)
      throw cloudtrailErrors.parameter('The start time is after the end time.')
    if (NextToken !== undefined) throw cloudtrailErrors.parameter('The token is of no earlier page.')
    const trail = await trails.find(trailRef(InsightSource, ctx), ctx)
    if (trail === undefined) throw cloudtrailErrors.parameter(`There is no trail ${InsightSource}.`)
    if (trail.insights.length > 0) throw cloudtrailErrors.notBuilt('Working out insights')
    return { Events: [] }
  }
