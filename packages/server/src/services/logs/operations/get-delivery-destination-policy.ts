import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** A destination without a policy answers an empty one. */
export const getDeliveryDestinationPolicy =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'GetDeliveryDestinationPolicy'> =>
  async ({ deliveryDestinationName }, ctx) => {
    const found = await deliveries.destinations.find(ctx, deliveryDestinationName)
    if (found === undefined) throw deliveryErrors.destinationNotFound()
    return { policy: { deliveryDestinationPolicy: found.policy } }
  }
