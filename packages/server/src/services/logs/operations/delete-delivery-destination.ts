import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** A destination goes after its deliveries, those of other accounts among them. */
export const deleteDeliveryDestination =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'DeleteDeliveryDestination'> =>
  async ({ name }, ctx) => {
    await deliveries.destinations.change(ctx, name, (existing) => {
      if (existing === undefined) throw deliveryErrors.destinationNotFound()
      if (existing.deliveries > 0) throw deliveryErrors.inUse('Destination')
      return undefined
    })
    return {}
  }
