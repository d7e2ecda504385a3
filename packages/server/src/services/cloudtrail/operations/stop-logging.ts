import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { endedSpans, isLogging, recordOf } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Events from this call on are not delivered; earlier ones still are. */
export const stopLogging =
  ({ trails, journal }: Pick<CloudTrailParts, 'trails' | 'journal'>): CloudTrailHandler<'StopLogging'> =>
  async ({ Name }, ctx) => {
    const trail = await trails.requireHome(trailRef(Name, ctx), ctx)
    await trails.change(trail, (now) => {
      const record = recordOf(now)
      if (!isLogging(now)) return record
      return { ...record, spans: endedSpans(now.spans, journal.nextSeq()), stoppedAt: ctx.now }
    })
    return {}
  }
