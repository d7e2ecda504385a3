import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Deliveries that are there stay; no new ones of other accounts can be made. */
export const deleteDeliveryDestinationPolicy =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'DeleteDeliveryDestinationPolicy'> =>
  async ({ deliveryDestinationName }, ctx) => {
    await deliveries.destinations.change(ctx, deliveryDestinationName, (existing) => {
      if (existing === undefined) throw deliveryErrors.destinationNotFound()
      const { policy: _gone, ...rest } = existing
      return rest
    })
    return {}
  }
