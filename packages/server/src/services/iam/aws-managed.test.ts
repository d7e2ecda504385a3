import { cachedPolicy, decide } from '@sluice/policy'
import { describe, expect, test } from 'vitest'
import { awsManagedPolicies } from '#services/iam/aws-managed.ts'

const ACCOUNT = '111122223333'
const group = (name: string): string => `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${name}:log-stream:`
const role = (path: string): string => `arn:aws:iam::${ACCOUNT}:role/${path}`
const everything = awsManagedPolicies()

function documentOf(name: string): string {
  const policy = everything.values().find((one) => one.name === name)
  if (policy === undefined) throw new Error(`there is no AWS-managed policy ${name}`)
  return policy.document
}

type Context = Readonly<Record<string, string>>

const allows = (name: string, action: string, resource: string, context: Context = {}): boolean =>
  decide(
    {
      principal: { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ada` },
      action,
      resource,
      resourceAccount: ACCOUNT,
      context: { 'aws:username': 'ada', ...context },
    },
    { identity: [{ name, policy: cachedPolicy(documentOf(name), 'identity') }], resource: [] },
  ).allowed

test.each([...everything.values()])(
  '$name is a policy by the rules that it is put under',
  ({ document, arn, name }) => {
    expect(cachedPolicy(document, 'identity').statements.length).toBeGreaterThan(0)
    expect(arn.endsWith(`/${name}`)).toBe(true)
  },
)

/** The policies that the guides name and that our services, consoles and auditors attach. */
const NAMES: readonly string[] = [
  'AWSCloudTrail_FullAccess',
  'AWSCloudTrail_ReadOnlyAccess',
  'AWSKeyManagementServicePowerUser',
  'AWSMSKReplicatorExecutionRole',
  'AWSServiceRoleForLogDeliveryPolicy',
  'AdministratorAccess',
  'AmazonKinesisFirehoseFullAccess',
  'AmazonKinesisFirehoseReadOnlyAccess',
  'AmazonMQApiFullAccess',
  'AmazonMQApiReadOnlyAccess',
  'AmazonMQFullAccess',
  'AmazonMQReadOnlyAccess',
  'AmazonMQServiceRolePolicy',
  'AmazonMSKFullAccess',
  'AmazonMSKReadOnlyAccess',
  'AmazonOpenSearchServiceFullAccess',
  'AmazonOpenSearchServiceReadOnlyAccess',
  'AmazonS3FullAccess',
  'AmazonS3ReadOnlyAccess',
  'AmazonSNSFullAccess',
  'AmazonSNSReadOnlyAccess',
  'CloudTrailServiceRolePolicy',
  'CloudWatchAgentServerPolicy',
  'CloudWatchEventsServiceRolePolicy',
  'CloudWatchFullAccess',
  'CloudWatchFullAccessV2',
  'CloudWatchLogsFullAccess',
  'CloudWatchLogsReadOnlyAccess',
  'CloudWatchReadOnlyAccess',
  'IAMFullAccess',
  'IAMReadOnlyAccess',
  'IAMUserChangePassword',
  'KafkaServiceRolePolicy',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'SecurityAudit',
  'ViewOnlyAccess',
]

test('they are the policies that the guides and our services need', () => {
  expect([...everything.values()].map(({ name }) => name)).toEqual(NAMES)
  for (const { versionId, createdAt } of everything.values()) {
    expect(versionId).toMatch(/^v[1-9]\d*$/)
    expect(createdAt).toBeGreaterThan(Date.UTC(2015, 0, 1))
  }
})

describe('AmazonMQFullAccess does the first step of the logging guide, and not the second', () => {
  test.each([
    ['mq:CreateBroker', '*', true],
    ['logs:CreateLogGroup', group('/aws/amazonmq/broker/b-1/general'), true],
    ['logs:CreateLogGroup', group('/elsewhere'), false],
    ['logs:PutResourcePolicy', group(''), false],
    ['logs:PutLogEvents', group('/aws/amazonmq/broker/b-1/general'), false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(allows('AmazonMQFullAccess', action, resource)).toBe(expected)
  })

  test('it makes the role of Amazon MQ, and of nobody else', () => {
    const own = role('aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ')
    const make = (service: string): boolean =>
      allows('AmazonMQFullAccess', 'iam:CreateServiceLinkedRole', own, { 'iam:AWSServiceName': service })
    expect([make('mq.amazonaws.com'), make('kafka.amazonaws.com')]).toEqual([true, false])
  })

  test('the policy for the API alone has no look at the network that the console takes', () => {
    expect(allows('AmazonMQApiFullAccess', 'ec2:DescribeVpcs', '*')).toBe(true)
    expect(allows('AmazonMQApiFullAccess', 'ec2:CreateSecurityGroup', '*')).toBe(false)
    expect(allows('AmazonMQFullAccess', 'ec2:CreateSecurityGroup', '*')).toBe(true)
  })

  test('reading is no writing', () => {
    expect(allows('AmazonMQReadOnlyAccess', 'mq:DescribeBroker', `arn:aws:mq:us-east-1:${ACCOUNT}:broker:b:b-1`)).toBe(
      true,
    )
    expect(allows('AmazonMQReadOnlyAccess', 'mq:RebootBroker', `arn:aws:mq:us-east-1:${ACCOUNT}:broker:b:b-1`)).toBe(
      false,
    )
  })
})

describe('AmazonMSKFullAccess delivers broker logs everywhere but to S3', () => {
  test.each([
    ['kafka:CreateCluster', '*', true],
    ['logs:CreateLogDelivery', '*', true],
    ['logs:PutResourcePolicy', '*', true],
    ['firehose:TagDeliveryStream', `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/s`, true],
    ['s3:GetBucketPolicy', 'arn:aws:s3:::b', true],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::b', false],
    ['logs:CreateLogGroup', group('/msk'), false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(allows('AmazonMSKFullAccess', action, resource)).toBe(expected)
  })

  test.each([
    ['kafka.amazonaws.com', true],
    ['mq.amazonaws.com', false],
  ])('it hands roles to %s: %s', (service, expected) => {
    expect(allows('AmazonMSKFullAccess', 'iam:PassRole', role('r'), { 'iam:PassedToService': service })).toBe(expected)
  })
})

test.each([
  ['AmazonMQServiceRolePolicy', 'logs:PutLogEvents', group('/aws/amazonmq/broker/b-1/general'), {}, true],
  ['AmazonMQServiceRolePolicy', 'logs:PutLogEvents', group('/elsewhere'), {}, false],
  [
    'AWSServiceRoleForLogDeliveryPolicy',
    'firehose:PutRecordBatch',
    `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/s`,
    { 'aws:ResourceTag/LogDeliveryEnabled': 'true' },
    true,
  ],
  [
    'AWSServiceRoleForLogDeliveryPolicy',
    'firehose:PutRecordBatch',
    `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/s`,
    {},
    false,
  ],
  ['IAMUserChangePassword', 'iam:ChangePassword', `arn:aws:iam::${ACCOUNT}:user/dev/ada`, {}, true],
  ['IAMUserChangePassword', 'iam:ChangePassword', `arn:aws:iam::${ACCOUNT}:user/bob`, {}, false],
  ['PowerUserAccess', 'mq:CreateBroker', '*', {}, true],
  ['PowerUserAccess', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`, {}, false],
  ['PowerUserAccess', 'iam:CreateServiceLinkedRole', role('aws-service-role/x'), {}, true],
  ['IAMReadOnlyAccess', 'iam:SimulatePrincipalPolicy', `arn:aws:iam::${ACCOUNT}:user/x`, {}, true],
  ['IAMReadOnlyAccess', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`, {}, false],
  ['AdministratorAccess', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`, {}, true],
  ['CloudWatchLogsReadOnlyAccess', 'logs:FilterLogEvents', group('g'), {}, true],
  ['CloudWatchLogsReadOnlyAccess', 'logs:DeleteLogGroup', group('g'), {}, false],
  ['AWSCloudTrail_ReadOnlyAccess', 'cloudtrail:LookupEvents', '*', {}, true],
  ['ReadOnlyAccess', 'mq:ListBrokers', '*', {}, true],
  ['ReadOnlyAccess', 'mq:CreateBroker', '*', {}, false],
  ['SecurityAudit', 'iam:GetAccountAuthorizationDetails', '*', {}, true],
  ['ViewOnlyAccess', 'logs:GetLogEvents', group('g'), {}, false],
] as const)('%s: %s on %s under %j: %s', (name, action, resource, context, expected) => {
  expect(allows(name, action, resource, context)).toBe(expected)
})
