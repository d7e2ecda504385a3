import type { LogsParts } from '#services/logs/deps.ts'
import { describeSource } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { serviceOfSource } from '#services/logs/deliveries/resource-arn.ts'
import { logsOfResource } from '#services/logs/deliveries/vended-logs.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Makes a log of a resource a source of deliveries. Only what {@link VendedLog} lists can be one. */
export const putDeliverySource =
  ({ deliveries, vendedLogs }: Pick<LogsParts, 'deliveries' | 'vendedLogs'>): LogsHandler<'PutDeliverySource'> =>
  async ({ name, resourceArn, logType, tags, deliverySourceConfiguration = {} }, ctx) => {
    const service = serviceOfSource(resourceArn, ctx)
    if (!vendedLogs.some((log) => log.service === service)) throw deliveryErrors.noVendor()
    if (!logsOfResource(vendedLogs, resourceArn).some((log) => log.logType === logType)) {
      throw deliveryErrors.noSuchLog()
    }
    const [unknown] = Object.keys(deliverySourceConfiguration)
    if (unknown !== undefined) throw deliveryErrors.invalid(`${logType} has no configuration '${unknown}'.`)
    const given = tags && { tags: mergedTags({}, tags, name, deliveryErrors.invalid) }
    const source = { resourceArn, service, logType, ...given, deliveries: [] }
    await deliveries.putSource(ctx, name, source, (existing) => {
      if (tags !== undefined) throw deliveryErrors.tagsOfExisting()
      if (existing.resourceArn !== resourceArn) throw deliveryErrors.otherResource()
      if (existing.logType !== logType) throw deliveryErrors.otherLogType()
    })
    const put = await deliveries.sources.find(ctx, name)
    if (put === undefined) throw deliveryErrors.busy()
    return { deliverySource: describeSource(ctx, put) }
  }
