import type { LogsParts } from '#services/logs/deps.ts'
import { describeDeliveryDestination } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

export const getDeliveryDestination =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'GetDeliveryDestination'> =>
  async ({ name }, ctx) => {
    const found = await deliveries.destinations.find(ctx, name)
    if (found === undefined) throw deliveryErrors.destinationNotFound()
    return { deliveryDestination: describeDeliveryDestination(ctx, found) }
  }
