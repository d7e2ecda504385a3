import type { LogsInput, LogsOutput } from '#services/logs/types.ts'

export type DestinationType = NonNullable<LogsInput<'PutDeliveryDestination'>['deliveryDestinationType']>
export type OutputFormat = NonNullable<LogsInput<'PutDeliveryDestination'>['outputFormat']>
export type S3Configuration = NonNullable<LogsInput<'CreateDelivery'>['s3DeliveryConfiguration']>

/** A log that resources of a service here vend, and how it can go to one type of destination. */
export interface VendedLog {
  /** As ARNs name it. */
  readonly service: string
  readonly resourceType: string
  /** Matches the whole ARNs of such resources. */
  readonly resource: RegExp
  readonly logType: string
  readonly deliveryDestinationType: DestinationType
  /** What one must be allowed to do with the resource to make it a source. */
  readonly allowedActionForAllowVendedLogsDeliveryForResource: string
  readonly allowedFields: readonly { readonly name: string; readonly mandatory: boolean }[]
  readonly allowedOutputFormats: readonly OutputFormat[]
  readonly allowedFieldDelimiters: readonly string[]
  readonly allowedSuffixPathFields: readonly string[]
  readonly defaultDeliveryConfigValues: {
    readonly recordFields: readonly string[]
    readonly fieldDelimiter?: string
    readonly s3DeliveryConfiguration?: S3Configuration
  }
}

/**
 * Every log that can be a delivery source. None yet: Amazon MQ writes to its log groups itself, and no other service that is
 * built here vends logs on AWS. A line comes together with what carries its records to the destinations.
 */
export const VENDED_LOGS: readonly VendedLog[] = []

/** How a vended log is told by DescribeConfigurationTemplates. */
export function templateOf({
  resource: _resource,
  ...template
}: VendedLog): NonNullable<LogsOutput<'DescribeConfigurationTemplates'>['configurationTemplates']>[number] {
  return template
}

/** The logs of one resource, for all types of destinations. */
export const logsOfResource = (logs: readonly VendedLog[], resourceArn: string): readonly VendedLog[] => [
  ...logs.filter(({ resource }) => resource.test(resourceArn)),
]
