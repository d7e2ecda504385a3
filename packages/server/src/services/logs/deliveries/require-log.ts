import type { DeliverySourceRecord } from '#services/logs/deliveries/deliveries.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { type DestinationType, type VendedLog, logsOfResource } from '#services/logs/deliveries/vended-logs.ts'

/**
 * The log of a source for one type of destination.
 * @throws AwsError ValidationException when it cannot go there
 */
export function requireLog(
  logs: readonly VendedLog[],
  { resourceArn, logType }: Pick<DeliverySourceRecord, 'resourceArn' | 'logType'>,
  type: DestinationType,
): VendedLog {
  const log = logsOfResource(logs, resourceArn).find(
    (each) => each.logType === logType && each.deliveryDestinationType === type,
  )
  if (log === undefined) {
    throw deliveryErrors.invalid(
      `${logType} of this Delivery Source cannot go to a Delivery Destination of type ${type}.`,
    )
  }
  return log
}
