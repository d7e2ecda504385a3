import type { Policy } from '@sluice/policy'

/** Whether a policy allows anything of a service, named as in actions, e.g. `mq`. Conditions are not looked at. */
export const grantsService = (policy: Policy, namespace: string): boolean =>
  policy.statements.some(
    ({ effect, action }) =>
      effect === 'Allow' &&
      (action.negated || action.patterns.some(({ text }) => opens(text.toLowerCase(), namespace))),
  )

const opens = (pattern: string, namespace: string): boolean =>
  pattern === '*' || pattern.startsWith(`${namespace.toLowerCase()}:`)

/** The services of the platform: the namespace in actions, and the name that reports print. */
export const SERVICES: readonly (readonly [namespace: string, name: string])[] = [
  ['cloudtrail', 'AWS CloudTrail'],
  ['cloudwatch', 'Amazon CloudWatch'],
  ['ec2', 'Amazon EC2'],
  ['es', 'Amazon OpenSearch Service'],
  ['events', 'Amazon EventBridge'],
  ['firehose', 'Amazon Data Firehose'],
  ['iam', 'AWS Identity and Access Management'],
  ['kafka', 'Amazon Managed Streaming for Apache Kafka'],
  ['kms', 'AWS Key Management Service'],
  ['logs', 'Amazon CloudWatch Logs'],
  ['mq', 'Amazon MQ'],
  ['s3', 'Amazon S3'],
  ['secretsmanager', 'AWS Secrets Manager'],
  ['sns', 'Amazon SNS'],
  ['sts', 'AWS Security Token Service'],
  ['tag', 'Amazon Resource Group Tagging API'],
]

const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['opensearch', 'es'],
  ['resourcegroupstaggingapi', 'tag'],
])

/** What the actions of a service begin with, by the name of its API. */
export const namespaceOf = (service: string): string => NAMESPACES.get(service) ?? service
