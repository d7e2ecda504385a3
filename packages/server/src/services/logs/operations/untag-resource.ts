import type { LogsParts } from '#services/logs/deps.ts'
import { removeTags, taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Keys that the resource does not have are passed over. */
export const untagResource =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'UntagResource'> =>
  async ({ resourceArn, tagKeys }, ctx) => {
    await removeTags(groups, ctx, taggedGroup(resourceArn, ctx), tagKeys)
    return {}
  }
