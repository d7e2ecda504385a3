import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { isLogging } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

const PERIODS: ReadonlySet<number> = new Set([60, 300, 3_600])

/** Rates that insights are worked out from: without a trail that asks for such insights there are none. */
export const listInsightsMetricData =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'ListInsightsMetricData'> =>
  async (input, ctx) => {
    const { TrailName, EventSource, EventName, InsightType, ErrorCode, Period = 3_600, StartTime, EndTime } = input
    if ((InsightType === 'ApiErrorRateInsight') !== (ErrorCode !== undefined))
      throw cloudtrailErrors.parameter('ErrorCode goes with the insight type ApiErrorRateInsight, and only with it.')
    if (!PERIODS.has(Period)) throw cloudtrailErrors.parameter('Period is 60, 300 or 3600.')
    if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime)
      throw cloudtrailErrors.parameter('The start time is after the end time.')
    if (input.NextToken !== undefined) throw cloudtrailErrors.parameter('The token is of no earlier page.')
    const named = TrailName === undefined ? undefined : await trails.find(trailRef(TrailName, ctx), ctx)
    if (TrailName !== undefined && named === undefined)
      throw cloudtrailErrors.parameter(`There is no trail ${TrailName}.`)
    const asked = named === undefined ? await trails.shownIn(ctx) : [named]
    const areKept = asked.some(
      (trail) => isLogging(trail) && trail.insights.some((insight) => insight.InsightType === InsightType),
    )
    if (areKept) throw cloudtrailErrors.notBuilt('Working out insights')
    return {
      ...(named === undefined ? {} : { TrailARN: named.arn }),
      EventSource,
      EventName,
      InsightType,
      ...(ErrorCode === undefined ? {} : { ErrorCode }),
      Timestamps: [],
      Values: [],
    }
  }
