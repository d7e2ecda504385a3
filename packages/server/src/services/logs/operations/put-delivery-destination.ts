import type { LogsParts } from '#services/logs/deps.ts'
import type { DeliveryDestinationRecord } from '#services/logs/deliveries/deliveries.ts'
import { describeDeliveryDestination } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { typeOfSink } from '#services/logs/deliveries/resource-arn.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

/** Names a bucket or a log group as somewhere to deliver to, or another one of the same type for one that is there. */
export const putDeliveryDestination =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'PutDeliveryDestination'> =>
  async (input, ctx) => {
    const { name, deliveryDestinationConfiguration: configuration, deliveryDestinationType: asked, tags } = input
    if (asked === 'XRAY') throw deliveryErrors.unsupportedSink()
    const arn = configuration?.destinationResourceArn
    const type = arn === undefined ? undefined : typeOfSink(arn, ctx)
    if (type !== undefined && asked !== undefined && asked !== type) {
      throw deliveryErrors.invalid(
        `The Delivery Destination Type ${asked} does not match the Destination Resource ARN, which is of type ${type}.`,
      )
    }
    const given = tags && { tags: mergedTags({}, tags, name, deliveryErrors.invalid) }
    await deliveries.destinations.change(ctx, name, (existing) => {
      if (existing !== undefined) return changed(existing, input, type)
      if (arn === undefined || type === undefined) throw deliveryErrors.missing('deliveryDestinationConfiguration')
      const format = input.outputFormat === undefined ? {} : { outputFormat: input.outputFormat }
      return { type, resourceArn: arn, ...format, ...given, deliveries: 0 }
    })
    const put = await deliveries.destinations.find(ctx, name)
    if (put === undefined) throw deliveryErrors.busy()
    const { tags: _tags, ...deliveryDestination } = describeDeliveryDestination(ctx, put)
    // AWS answers tags of sources and deliveries, and not of destinations.
    return { deliveryDestination }
  }

function changed(
  existing: DeliveryDestinationRecord,
  { deliveryDestinationConfiguration, outputFormat, tags }: LogsInput<'PutDeliveryDestination'>,
  type: DeliveryDestinationRecord['type'] | undefined,
): DeliveryDestinationRecord {
  if (tags !== undefined) throw deliveryErrors.tagsOfExisting()
  if (outputFormat !== undefined && outputFormat !== existing.outputFormat) throw deliveryErrors.otherFormat()
  if (type !== undefined && type !== existing.type) throw deliveryErrors.otherType()
  const resourceArn = deliveryDestinationConfiguration?.destinationResourceArn ?? existing.resourceArn
  return { ...existing, resourceArn }
}
