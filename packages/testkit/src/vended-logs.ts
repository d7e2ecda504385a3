import type { VendedLog } from '../../server/src/services/logs/deliveries/vended-logs.ts'

/** A service that does not exist vends this log of its gadgets; it stands in for those that will. */
const gadgets = (type: VendedLog['deliveryDestinationType'], others: Partial<VendedLog> = {}): VendedLog => ({
  service: 'gadgets',
  resourceType: 'gadget',
  resource: /^arn:aws:gadgets:[a-z0-9-]+:\d{12}:gadget\/\w+$/,
  logType: 'ACCESS_LOGS',
  deliveryDestinationType: type,
  allowedActionForAllowVendedLogsDeliveryForResource: 'gadgets:AllowVendedLogDeliveryForResource',
  allowedFields: [
    { name: 'date', mandatory: true },
    { name: 'path', mandatory: false },
  ],
  allowedOutputFormats: ['json', 'plain'],
  allowedFieldDelimiters: [],
  allowedSuffixPathFields: [],
  defaultDeliveryConfigValues: { recordFields: ['date', 'path'] },
  ...others,
})

/** What a service adds that vends logs to log groups and buckets. */
export const GADGET_LOGS: readonly VendedLog[] = [
  gadgets('CWL'),
  gadgets('S3', {
    allowedOutputFormats: ['json', 'plain', 'w3c', 'parquet'],
    allowedFieldDelimiters: ['\t', ','],
    allowedSuffixPathFields: ['account-id', 'gadget', 'yyyy'],
    defaultDeliveryConfigValues: {
      recordFields: ['date', 'path'],
      fieldDelimiter: '\t',
      s3DeliveryConfiguration: { suffixPath: 'AWSLogs/{account-id}/Gadgets/', enableHiveCompatiblePath: false },
    },
  }),
]
