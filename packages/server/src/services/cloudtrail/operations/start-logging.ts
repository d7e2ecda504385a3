import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_SPANS } from '#services/cloudtrail/limits.ts'
import { isLogging, recordOf } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Events from this call on, itself among them, are delivered. */
export const startLogging =
  ({ trails, journal }: Pick<CloudTrailParts, 'trails' | 'journal'>): CloudTrailHandler<'StartLogging'> =>
  async ({ Name }, ctx) => {
    const trail = await trails.requireHome(trailRef(Name, ctx), ctx)
    await trails.change(trail, (now) => {
      const record = recordOf(now)
      if (isLogging(now)) return record
      if (now.spans.length >= MAX_SPANS) {
        throw cloudtrailErrors.throttling(
          'The trail was started and stopped too often since its last delivery. Mend its destination, and try again.',
        )
      }
      return { ...record, spans: [...now.spans, { from: journal.nextSeq() }], startedAt: ctx.now }
    })
    return {}
  }
