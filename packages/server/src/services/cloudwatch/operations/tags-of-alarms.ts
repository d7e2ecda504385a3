import type { CallContext } from '#kernel/call.ts'
import type { Tag } from '#kernel/principal.ts'
import { recordOf } from '#services/cloudwatch/alarms/alarm.ts'
import { mergedTags, taggedAlarm } from '#services/cloudwatch/alarms/tags.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

type Deps = Pick<CloudwatchDeps, 'alarms'>

/** Gives an alarm tags, new or in place of those with the same keys. */
export const tagResource =
  (deps: Deps): CloudwatchHandler<'TagResource'> =>
  async ({ ResourceARN, Tags }, ctx) => {
    await changeTags(deps, ResourceARN, ctx, (tags) => mergedTags(tags, Tags))
    return {}
  }

/** Takes tags away; keys that are not there do not matter. */
export const untagResource =
  (deps: Deps): CloudwatchHandler<'UntagResource'> =>
  async ({ ResourceARN, TagKeys }, ctx) => {
    await changeTags(deps, ResourceARN, ctx, (tags) => tags.filter(({ Key }) => !TagKeys.includes(Key)))
    return {}
  }

export const listTagsForResource =
  ({ alarms }: Deps): CloudwatchHandler<'ListTagsForResource'> =>
  async ({ ResourceARN }, ctx) => {
    const alarm = await alarms.find(ctx, taggedAlarm(ResourceARN, ctx))
    if (alarm === undefined) throw cloudwatchErrors.taggedNotFound(ResourceARN)
    return { Tags: alarm.tags }
  }

const changeTags = (
  { alarms }: Deps,
  arn: string,
  ctx: CallContext,
  make: (tags: readonly Tag[]) => readonly Tag[],
): Promise<void> =>
  alarms.change(ctx, taggedAlarm(arn, ctx), (existing) => {
    if (existing === undefined) throw cloudwatchErrors.taggedNotFound(arn)
    return { record: { ...recordOf(existing), tags: make(existing.tags) }, history: [] }
  })
