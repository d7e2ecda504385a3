import { randomBase32 } from '#kernel/ids.ts'
import { type LogsPlace, parseNamedArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { checkFormat, deliveryConfiguration } from '#services/logs/deliveries/configuration.ts'
import type { DeliveryRecord } from '#services/logs/deliveries/deliveries.ts'
import { describeDelivery } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { requireLog } from '#services/logs/deliveries/require-log.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

const ID_CHARS = 16

/** Joins a source to a destination, which may be another account's whose policy lets this one. */
export const createDelivery =
  ({ deliveries, vendedLogs }: Pick<LogsParts, 'deliveries' | 'vendedLogs'>): LogsHandler<'CreateDelivery'> =>
  async (input, ctx) => {
    const { deliverySourceName: sourceName, tags } = input
    const destination = destinationOf(input.deliveryDestinationArn, ctx)
    const id = randomBase32(ID_CHARS)
    const given = tags && { tags: mergedTags({}, tags, id, deliveryErrors.invalid) }
    await deliveries.join(ctx, id, { sourceName, destination }, (source, { type, outputFormat }) => {
      const log = requireLog(vendedLogs, source, type)
      checkFormat(log, outputFormat)
      return { sourceName, destination, type, ...deliveryConfiguration(log, input), ...given }
    })
    const created = await deliveries.joined.find(ctx, id)
    if (created === undefined) throw deliveryErrors.busy()
    return { delivery: describeDelivery(ctx, created) }
  }

function destinationOf(arn: string, place: LogsPlace): DeliveryRecord['destination'] {
  const parsed = parseNamedArn(arn)
  if (parsed?.kind !== 'delivery-destination') throw deliveryErrors.notADestination()
  const { account, region, name } = parsed
  if (region !== place.region) throw deliveryErrors.destinationElsewhere()
  return { account, region, name }
}
