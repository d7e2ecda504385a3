import type { LogsPlace } from '#services/logs/arns.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { DestinationType } from '#services/logs/deliveries/vended-logs.ts'

interface ResourceArn {
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Longest ARN of IAM and of all services here, in characters. */
const MAX_ARN_CHARS = 2_048

/** @throws AwsError ValidationException */
function parseResourceArn(arn: string): ResourceArn {
  const [, service, region, account, resource] =
    /^arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):([!-~]+)$/.exec(arn) ?? []
  if (service === undefined || region === undefined || account === undefined || resource === undefined) {
    throw deliveryErrors.invalidArn()
  }
  if (arn.length > MAX_ARN_CHARS) throw deliveryErrors.invalidArn()
  return { service, region, account, resource }
}

/**
 * The service of a resource whose logs are to be delivered; global resources name no region.
 * @throws AwsError ValidationException for one elsewhere
 */
export function serviceOfSource(arn: string, place: LogsPlace): string {
  const { service, region, account } = parseResourceArn(arn)
  if (region !== '' && region !== place.region) throw deliveryErrors.sourceElsewhere()
  if (account !== '' && account !== place.account) throw deliveryErrors.sourceOfOthers()
  return service
}

/**
 * What kind of destination an ARN names: a bucket, perhaps with a prefix, or a log group of this account and region. There is
 * no Firehose and no X-Ray yet.
 * @throws AwsError ValidationException
 */
export function typeOfSink(arn: string, place: LogsPlace): DestinationType {
  const { service, region, account, resource } = parseResourceArn(arn)
  if (service === 's3') {
    if (region !== '' || account !== '') throw deliveryErrors.invalidArn()
    return 'S3'
  }
  if (service !== 'logs') throw deliveryErrors.unsupportedSink()
  if (region !== place.region) throw deliveryErrors.sinkElsewhere('Region')
  if (account !== place.account) throw deliveryErrors.sinkElsewhere('Account id')
  if (!/^log-group:[^:*]+(:\*)?$/.test(resource)) throw deliveryErrors.invalidArn()
  return 'CWL'
}
