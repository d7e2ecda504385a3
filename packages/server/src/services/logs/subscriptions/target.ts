import type { AccountId, Region } from '#kernel/ids.ts'
import { logsErrors } from '#services/logs/errors.ts'
import type { SubscriptionPayload } from '#services/logs/subscriptions/payload.ts'

/** Where a subscription sends, and on whose behalf. */
export interface SubscriptionRoute {
  readonly destinationArn: string
  /** Left out for Lambda, and for a destination that has its own. */
  readonly roleArn?: string
  /** The group's ARN: `aws:SourceArn`. */
  readonly sourceArn: string
  readonly sourceAccount: AccountId
  readonly region: Region
  readonly distribution: 'ByLogStream' | 'Random'
}

/** A kind of far end of subscriptions, such as Firehose. A kind that is not there is refused when a filter is put. */
export interface SubscriptionTarget {
  /**
   * Sends one payload.
   * @throws Error when it did not arrive: no such target, no permission, or not now
   */
  send(route: SubscriptionRoute, payload: SubscriptionPayload): Promise<void>
}

/** The kinds of targets there are, by the service in their ARNs. */
export type SubscriptionTargets = ReadonlyMap<string, SubscriptionTarget>

const VENDORS = ['kinesis', 'firehose', 'lambda', 'logs'] as const
export type Vendor = (typeof VENDORS)[number]

export interface TargetArn {
  readonly vendor: Vendor
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** @throws AwsError InvalidParameterException for what can be no target */
export function parseTargetArn(arn: string): TargetArn {
  const [, service, region, account, resource] = /^arn:aws[a-z-]*:([^:]*):([^:]*):(\d{12}):(.+)$/.exec(arn) ?? []
  if (service === undefined || region === undefined || account === undefined || resource === undefined) {
    throw logsErrors.invalidParameter(
      'The destinationArn is not valid: it must be the ARN of a stream, a function or a destination.',
    )
  }
  const vendor = VENDORS.find((known) => known === service)
  if (vendor === undefined) {
    throw logsErrors.invalidParameter(
      `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${service}`,
    )
  }
  return { vendor, region, account, resource }
}

/** AWS's words when the test message did not arrive. */
export const undelivered = (vendor: Vendor): Error => logsErrors.invalidParameter(UNDELIVERED[vendor])

const UNDELIVERED: Readonly<Record<Vendor, string>> = {
  kinesis:
    'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
  firehose:
    'Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.',
  lambda:
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  logs: 'Could not deliver test message to specified destination. Check if the destination is valid.',
}
