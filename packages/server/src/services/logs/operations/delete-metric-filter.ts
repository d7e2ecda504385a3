import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Events that come later are not looked at with it any more. */
export const deleteMetricFilter =
  ({ metricFilters }: Pick<LogsParts, 'metricFilters'>): LogsHandler<'DeleteMetricFilter'> =>
  async ({ logGroupName, filterName }, ctx) => {
    await metricFilters.delete(ctx, logGroupName, filterName)
    return {}
  }
