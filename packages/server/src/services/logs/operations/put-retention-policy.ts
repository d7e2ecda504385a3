import { recordOf } from '#services/logs/catalog/groups.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { RETENTION_DAYS } from '#services/logs/limits.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** From now on events older than so many days are not returned; their space is freed later. */
export const putRetentionPolicy =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'PutRetentionPolicy'> =>
  async ({ logGroupName, retentionInDays }, ctx) => {
    if (!RETENTION_DAYS.includes(retentionInDays)) {
      throw logsErrors.invalidParameter(
        `1 validation error detected: Value '${String(retentionInDays)}' at 'retentionInDays' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
      )
    }
    await groups.change(ctx, logGroupName, (group) => ({ record: { ...recordOf(group), retentionInDays } }))
    return {}
  }
