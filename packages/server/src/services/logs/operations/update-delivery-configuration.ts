import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryConfiguration } from '#services/logs/deliveries/configuration.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { requireLog } from '#services/logs/deliveries/require-log.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'deliveries' | 'vendedLogs'>

/** Changes what is given of a delivery and keeps the rest. */
export const updateDeliveryConfiguration =
  ({ deliveries, vendedLogs }: Deps): LogsHandler<'UpdateDeliveryConfiguration'> =>
  async (input, ctx) => {
    const found = await deliveries.joined.find(ctx, input.id)
    const source = found && (await deliveries.sources.find(ctx, found.sourceName))
    await deliveries.joined.change(ctx, input.id, (existing) => {
      if (existing === undefined || source === undefined) throw deliveryErrors.deliveryNotFound()
      const log = requireLog(vendedLogs, source, existing.type)
      return { ...existing, ...deliveryConfiguration(log, input, existing) }
    })
    return {}
  }
