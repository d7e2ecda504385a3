import type { LogsParts } from '#services/logs/deps.ts'
import { describeSource } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

export const getDeliverySource =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'GetDeliverySource'> =>
  async ({ name }, ctx) => {
    const found = await deliveries.sources.find(ctx, name)
    if (found === undefined) throw deliveryErrors.sourceNotFound()
    return { deliverySource: describeSource(ctx, found) }
  }
