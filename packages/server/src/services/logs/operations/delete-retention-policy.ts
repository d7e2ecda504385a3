import { recordOf } from '#services/logs/catalog/groups.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** From now on events never expire. What was freed already does not come back. */
export const deleteRetentionPolicy =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'DeleteRetentionPolicy'> =>
  async ({ logGroupName }, ctx) => {
    await groups.change(ctx, logGroupName, (group) => {
      const { retentionInDays: _days, ...record } = recordOf(group)
      return { record }
    })
    return {}
  }
