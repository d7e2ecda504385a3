import { recordOf } from '#services/logs/catalog/groups.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** While it is on, DeleteLogGroup is refused. */
export const putLogGroupDeletionProtection =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'PutLogGroupDeletionProtection'> =>
  async ({ logGroupIdentifier, deletionProtectionEnabled }, ctx) => {
    await groups.change(ctx, groupOfIdentifier(logGroupIdentifier, ctx), (group) => ({
      record: { ...recordOf(group), deletionProtectionEnabled },
    }))
    return {}
  }
