import type { LogsParts } from '#services/logs/deps.ts'
import { describeDelivery } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

export const getDelivery =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'GetDelivery'> =>
  async ({ id }, ctx) => {
    const found = await deliveries.joined.find(ctx, id)
    if (found === undefined) throw deliveryErrors.deliveryNotFound()
    return { delivery: describeDelivery(ctx, found) }
  }
