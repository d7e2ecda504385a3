import { iamErrors } from '#services/iam/errors.ts'
import type { RoleRecord } from '#services/iam/records.ts'

/** A role that belongs to a service. */
export interface ServiceLinkedRole {
  readonly roleName: string
  /** ARN of its policy. */
  readonly policyArn: string
  readonly description?: string
}

const policy = (name: string): string => `arn:aws:iam::aws:policy/aws-service-role/${name}`

/** By the service's name. @source AWS service documentation, "Using service-linked roles" of each service */
const ROLES: Readonly<Record<string, ServiceLinkedRole>> = {
  'mq.amazonaws.com': { roleName: 'AWSServiceRoleForAmazonMQ', policyArn: policy('AmazonMQServiceRolePolicy') },
  'kafka.amazonaws.com': { roleName: 'AWSServiceRoleForKafka', policyArn: policy('KafkaServiceRolePolicy') },
  'delivery.logs.amazonaws.com': {
    roleName: 'AWSServiceRoleForLogDelivery',
    policyArn: policy('AWSServiceRoleForLogDeliveryPolicy'),
  },
  'cloudtrail.amazonaws.com': {
    roleName: 'AWSServiceRoleForCloudTrail',
    policyArn: policy('CloudTrailServiceRolePolicy'),
  },
  'events.amazonaws.com': {
    roleName: 'AWSServiceRoleForCloudWatchEvents',
    policyArn: policy('CloudWatchEventsServiceRolePolicy'),
  },
}

/** @throws AwsError InvalidInput for a service that has no such role here */
export function serviceLinkedRole(service: string): ServiceLinkedRole {
  const found = Object.hasOwn(ROLES, service) ? ROLES[service] : undefined
  if (found === undefined) throw iamErrors.unknownService(service)
  return found
}

export const serviceLinkedPath = (service: string): string => `/aws-service-role/${service}/`

/** The ARN that a service's role has or will have, as far as it can be told. */
export const serviceLinkedName = (service: string): string =>
  Object.hasOwn(ROLES, service) ? (ROLES[service]?.roleName ?? '*') : '*'

/** The service a role belongs to. */
export const serviceOf = ({ path }: Pick<RoleRecord, 'path'>): string => path.split('/')[2] ?? ''

export const serviceTrust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })
