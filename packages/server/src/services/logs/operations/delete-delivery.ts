import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Source and destination stay. */
export const deleteDelivery =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'DeleteDelivery'> =>
  async ({ id }, ctx) => {
    await deliveries.part(ctx, id)
    return {}
  }
