import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { SimulateCustomPolicyCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { document, newUser, refusalOf } from './people.ts'

const ACCOUNT = '123456789012'
const platform = filePlatform()
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })

const GROUPS = 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*'
/** What the logging guide gives to users who create brokers. */
const USER_POLICY = { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: GROUPS }
/** What it gives to Amazon MQ: any broker; one broker; every broker of the account. */
const SERVICE = {
  Effect: 'Allow',
  Principal: { Service: 'mq.amazonaws.com' },
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: GROUPS,
}
const BROKER = `arn:aws:mq:us-east-2:${ACCOUNT}:broker:MyBroker:b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9`

/** What each action on a resource comes to under an identity policy. */
async function decided(
  policy: string,
  actions: readonly string[],
  resource = '*',
): Promise<Readonly<Record<string, string>>> {
  const { EvaluationResults = [] } = await aws.iam.send(
    new SimulateCustomPolicyCommand({ PolicyInputList: [policy], ActionNames: [...actions], ResourceArns: [resource] }),
  )
  return Object.fromEntries(
    EvaluationResults.map(({ EvalActionName = '', EvalDecision = '' }) => [EvalActionName, EvalDecision]),
  )
}

describe('the user policy of the logging guide', () => {
  const group = (name: string, region = 'us-east-1', account = ACCOUNT): string =>
    `arn:aws:logs:${region}:${account}:log-group:${name}:log-stream:`

  test.each([
    [group('/aws/amazonmq/broker/b-1/general'), 'allowed'],
    [group('/aws/amazonmq/broker/b-1/audit', 'eu-west-1'), 'allowed'],
    [group('/aws/amazonmq/broker/b-1/audit', 'us-east-1', '999988887777'), 'implicitDeny'],
    [group('/aws/amazonmq'), 'implicitDeny'],
    [group('/aws/amazonmqx/b-1'), 'implicitDeny'],
    [group('/x/aws/amazonmq/b-1'), 'implicitDeny'],
    [group('/AWS/amazonmq/b-1'), 'implicitDeny'],
  ])('on %s: %s', async (resource, decision) => {
    expect(await decided(document(USER_POLICY), ['logs:CreateLogGroup'], resource)).toEqual({
      'logs:CreateLogGroup': decision,
    })
  })

  test('it is for that one action', async () => {
    const actions = [
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:DeleteLogGroup',
      'logs:PutResourcePolicy',
      'mq:CreateBroker',
    ]
    const outcome = await decided(document(USER_POLICY), actions, group('/aws/amazonmq/broker/b-1/general'))
    expect(new Set(Object.values(outcome))).toEqual(new Set(['implicitDeny']))
  })

  test('the gate says the same as the simulation', async () => {
    const user = await newUser(platform, aws, 'operator', { statements: [USER_POLICY] })
    const create = (name: string) => refusalOf(user.logs.send(new CreateLogGroupCommand({ logGroupName: name })))
    expect(await create('/aws/amazonmq/broker/b-1/general')).toBe('allowed')
    expect(await create('/aws/amazonmqx/b-1')).toContain('AccessDeniedException')
  })
})

describe('the resource policies of the logging guide', () => {
  test.each([
    { name: 'for any broker', more: {} },
    {
      name: 'for one broker',
      more: { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': BROKER } } },
    },
    {
      name: 'for every broker of the account',
      more: {
        Principal: { Service: ['mq.amazonaws.com'] },
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:mq:*:${ACCOUNT}:broker:*` },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
      },
    },
  ])('the one $name is taken, and helps no user', async ({ more }) => {
    const policyDocument = document({ ...SERVICE, ...more })
    await aws.logs.send(new PutResourcePolicyCommand({ policyName: 'AmazonMQ-logs', policyDocument }))
    const user = await newUser(platform, aws, `nobody-${String(Math.random()).slice(2)}`)
    const stream = { logGroupName: '/aws/amazonmq/broker/b-1/general', logStreamName: 'mine' }
    expect(await refusalOf(user.logs.send(new CreateLogStreamCommand(stream)))).toContain('AccessDeniedException')
  })
})

describe('Amazon MSK', () => {
  const KAFKA = ['kafka:CreateCluster', 'kafka:ListClustersV2', 'kafka:DescribeClusterV2', 'kafka:UpdateMonitoring']

  test('AmazonMSKFullAccess has what log delivery to CloudWatch needs, and not what delivery to S3 needs', async () => {
    const msk = await newUser(platform, aws, 'msk', { managed: ['AmazonMSKFullAccess'] })
    const key = await msk.iam.config.credentials()
    expect(key.accessKeyId).toMatch(/^AKIA/)
    const actions = [
      ...KAFKA,
      'logs:CreateLogDelivery',
      'logs:DescribeLogGroups',
      'logs:PutResourcePolicy',
      's3:GetBucketPolicy',
      's3:PutBucketPolicy',
    ]
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/msk`, ActionNames: actions }),
    )
    const denied = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
      ({ EvalActionName }) => EvalActionName,
    )
    expect(denied).toEqual(['s3:PutBucketPolicy'])
  })

  test('the statement for its key has a Sid that identity policies do not take', async () => {
    const actions = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']
    const statement = { Effect: 'Allow', Action: actions, Resource: '*' }
    expect(
      await decided(document(statement), [
        'kms:ReEncryptFrom',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:CreateGrant',
      ]),
    ).toEqual({
      'kms:ReEncryptFrom': 'allowed',
      'kms:GenerateDataKeyWithoutPlaintext': 'allowed',
      'kms:CreateGrant': 'implicitDeny',
    })
    const named = document({ Sid: 'Allow Amazon MSK to use the key.', ...statement })
    expect(await refusalOf(decided(named, ['kms:Encrypt']))).not.toBe('allowed')
  })
})
