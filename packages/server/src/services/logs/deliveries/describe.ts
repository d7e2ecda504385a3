import { type LogsPlace, namedArn } from '#services/logs/arns.ts'
import type { Named } from '#services/logs/catalog/named-records.ts'
import type {
  DeliveryDestinationRecord,
  DeliveryRecord,
  DeliverySourceRecord,
} from '#services/logs/deliveries/deliveries.ts'
import type { LogsOutput } from '#services/logs/types.ts'

/** A delivery source as the API answers it. */
export const describeSource = (
  place: LogsPlace,
  { name, resourceArn, service, logType, tags }: Named<DeliverySourceRecord>,
): NonNullable<LogsOutput<'GetDeliverySource'>['deliverySource']> => ({
  name,
  arn: namedArn('delivery-source', place, name),
  resourceArns: [resourceArn],
  service,
  logType,
  tags,
})

/** A delivery destination as the API answers it. */
export const describeDeliveryDestination = (
  place: LogsPlace,
  { name, type, resourceArn, outputFormat, tags }: Named<DeliveryDestinationRecord>,
): NonNullable<LogsOutput<'GetDeliveryDestination'>['deliveryDestination']> => ({
  name,
  arn: namedArn('delivery-destination', place, name),
  deliveryDestinationType: type,
  outputFormat,
  deliveryDestinationConfiguration: { destinationResourceArn: resourceArn },
  tags,
})

/** A delivery as the API answers it. */
export const describeDelivery = (
  place: LogsPlace,
  { name: id, sourceName, destination, type, ...others }: Named<DeliveryRecord>,
): NonNullable<LogsOutput<'GetDelivery'>['delivery']> => ({
  id,
  arn: namedArn('delivery', place, id),
  deliverySourceName: sourceName,
  deliveryDestinationArn: namedArn('delivery-destination', destination, destination.name),
  deliveryDestinationType: type,
  ...others,
})
