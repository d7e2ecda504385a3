import { newUuid } from '#kernel/ids.ts'
import { trailArn } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { mergedTags } from '#services/cloudtrail/trails/tags.ts'
import { checkTrailName } from '#services/cloudtrail/trails/trail-name.ts'
import { trailAnswer } from '#services/cloudtrail/trails/trail.ts'
import { NEW_SETTINGS, wantedSettings } from '#services/cloudtrail/trails/wanted.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** A new trail, which logs nothing until StartLogging; its destinations are tried first. */
export const createTrail =
  ({ trails, journal }: Pick<CloudTrailParts, 'trails' | 'journal'>): CloudTrailHandler<'CreateTrail'> =>
  async ({ Name: name, TagsList = [], ...wanted }, ctx) => {
    checkTrailName(name)
    const tags = mergedTags([], TagsList)
    await trails.checkRoom(ctx, name)
    const owner = { account: ctx.account, home: ctx.region, arn: trailArn(ctx, name) }
    const settings = await wantedSettings(wanted, NEW_SETTINGS, owner, ctx, () => journal.nextSeq())
    const record = { ...settings, id: newUuid(), createdAt: ctx.now, insights: [], tags, spans: [] }
    return trailAnswer(await trails.create(ctx, name, record))
  }
