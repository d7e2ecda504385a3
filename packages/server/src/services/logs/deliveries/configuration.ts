import type { DeliveryConfiguration } from '#services/logs/deliveries/deliveries.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { OutputFormat, VendedLog } from '#services/logs/deliveries/vended-logs.ts'
import type { LogsInput } from '#services/logs/types.ts'

type Asked = Pick<LogsInput<'CreateDelivery'>, 'recordFields' | 'fieldDelimiter' | 's3DeliveryConfiguration'>

/**
 * What a delivery of this log is to be: what was asked for, and where nothing was, what it has already or by default.
 * @throws AwsError ValidationException for what the log cannot be
 */
export function deliveryConfiguration(
  log: VendedLog,
  asked: Asked,
  existing: DeliveryConfiguration = log.defaultDeliveryConfigValues,
): DeliveryConfiguration {
  const recordFields = asked.recordFields ?? existing.recordFields
  checkFields(log, recordFields)
  const fieldDelimiter = asked.fieldDelimiter ?? existing.fieldDelimiter
  if (asked.fieldDelimiter !== undefined && !log.allowedFieldDelimiters.includes(asked.fieldDelimiter)) {
    throw deliveryErrors.invalid(`The field delimiter '${asked.fieldDelimiter}' is not supported for this log type.`)
  }
  const s3DeliveryConfiguration = s3Configuration(log, asked, existing)
  return {
    recordFields,
    ...(fieldDelimiter === undefined ? {} : { fieldDelimiter }),
    ...(s3DeliveryConfiguration && { s3DeliveryConfiguration }),
  }
}

/** @throws AwsError ValidationException */
export function checkFormat({ allowedOutputFormats, logType }: VendedLog, format: OutputFormat | undefined): void {
  if (format === undefined || allowedOutputFormats.includes(format)) return
  throw deliveryErrors.invalid(
    `${logType} cannot be delivered as ${format} to this Delivery Destination. It can be as ${allowedOutputFormats.join(', ')}.`,
  )
}

function checkFields({ allowedFields, logType }: VendedLog, fields: readonly string[]): void {
  const unknown = fields.find((field) => !allowedFields.some(({ name }) => name === field))
  if (unknown !== undefined) throw deliveryErrors.invalid(`The record field '${unknown}' is not a field of ${logType}.`)
  const missing = allowedFields.find(({ name, mandatory }) => mandatory && !fields.includes(name))
  if (missing !== undefined) throw deliveryErrors.invalid(`The record field '${missing.name}' is mandatory.`)
}

function s3Configuration(
  { deliveryDestinationType, allowedSuffixPathFields }: VendedLog,
  { s3DeliveryConfiguration: asked }: Asked,
  { s3DeliveryConfiguration: existing }: DeliveryConfiguration,
): DeliveryConfiguration['s3DeliveryConfiguration'] {
  if (asked === undefined) return existing
  if (deliveryDestinationType !== 'S3') {
    throw deliveryErrors.invalid('s3DeliveryConfiguration can be given for Delivery Destinations of type S3 only.')
  }
  const fields = [...(asked.suffixPath ?? '').matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
  const unknown = fields.find((field) => !allowedSuffixPathFields.includes(field))
  if (unknown !== undefined) throw deliveryErrors.invalid(`The suffix path field '${unknown}' is not supported.`)
  return { ...existing, ...asked }
}
