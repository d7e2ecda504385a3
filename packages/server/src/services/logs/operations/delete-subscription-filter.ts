import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Events that are stored later are not sent any more. */
export const deleteSubscriptionFilter =
  ({ subscriptionFilters }: Pick<LogsParts, 'subscriptionFilters'>): LogsHandler<'DeleteSubscriptionFilter'> =>
  async ({ logGroupName, filterName }, ctx) => {
    await subscriptionFilters.delete(ctx, logGroupName, filterName)
    return {}
  }
