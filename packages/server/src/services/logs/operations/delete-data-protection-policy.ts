import type { LogsParts } from '#services/logs/deps.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The group's events are readable as they were stored. A group without a policy stays as it is. */
export const deleteDataProtectionPolicy =
  ({ protection }: Pick<LogsParts, 'protection'>): LogsHandler<'DeleteDataProtectionPolicy'> =>
  async ({ logGroupIdentifier }, ctx) => {
    await protection.delete(ctx, groupOfIdentifier(logGroupIdentifier, ctx))
    return {}
  }
