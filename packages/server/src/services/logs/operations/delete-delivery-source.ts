import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** A source goes after its deliveries. */
export const deleteDeliverySource =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'DeleteDeliverySource'> =>
  async ({ name }, ctx) => {
    await deliveries.deleteSource(ctx, name)
    return {}
  }
