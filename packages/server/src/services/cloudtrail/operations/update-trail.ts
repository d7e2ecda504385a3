import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { recordOf, trailAnswer } from '#services/cloudtrail/trails/trail.ts'
import { wantedSettings } from '#services/cloudtrail/trails/wanted.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Changes what is given; a destination that changes is tried first, and logging goes on. */
export const updateTrail =
  ({ trails, journal }: Pick<CloudTrailParts, 'trails' | 'journal'>): CloudTrailHandler<'UpdateTrail'> =>
  async ({ Name, ...wanted }, ctx) => {
    const trail = await trails.requireHome(trailRef(Name, ctx), ctx)
    const settings = await wantedSettings(wanted, trail, trail, ctx, () => journal.nextSeq())
    const changed = await trails.change(trail, (now) => {
      const { logs: _logs, key: _key, topic: _topic, ...kept } = recordOf(now)
      return { ...kept, ...settings }
    })
    return trailAnswer(changed)
  }
