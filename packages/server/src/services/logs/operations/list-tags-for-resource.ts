import type { LogsParts } from '#services/logs/deps.ts'
import { taggedResource } from '#services/logs/tagged.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Of a log group the same tags as ListTagsLogGroup. */
export const listTagsForResource =
  (deps: Pick<LogsParts, 'groups' | 'taggedThings'>): LogsHandler<'ListTagsForResource'> =>
  async ({ resourceArn }, ctx) => ({ tags: await taggedResource(deps, resourceArn, ctx).read() })
