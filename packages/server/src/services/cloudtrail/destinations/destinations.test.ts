import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../../../../testkit/src/eventually.ts'
import { trailBucketPolicy } from '../../../../../testkit/src/fake-buckets.ts'
import { allow, policy } from '../../../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'
import { BUCKET, type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'
import { region } from '#kernel/ids.ts'

const HERE = { region: region('us-east-1') }
const GROUP = 'trail-group'
const GROUP_ARN = `arn:aws:logs:us-east-1:111122223333:log-group:${GROUP}:*`
const ROLE_ARN = 'arn:aws:iam::111122223333:role/to-logs'
const STREAM = '111122223333_CloudTrail_us-east-1'

let bench: TrailBench
let logs: LogsBench
let kms: KmsBench

beforeEach(async () => {
  logs = openLogsBench()
  kms = await openKmsBench()
  bench = openTrailBench({
    logs: logs.service,
    kms: kms.service,
    checkpoint: (source) => logs.journal.checkpoint(source),
  })
  bench.buckets.policies.set(BUCKET, trailBucketPolicy(BUCKET, bench.account, arnOf('audit')))
})
afterEach(async () => {
  await bench.close()
  await logs.close()
  await kms.close()
})

const create = (more: object, signing?: object): Promise<unknown> =>
  bench.call('CreateTrail', { Name: 'audit', S3BucketName: BUCKET, ...more }, signing)
const refusal = (more: object, signing?: object): Promise<string> =>
  bench.refusal('CreateTrail', { Name: 'audit', S3BucketName: BUCKET, ...more }, signing)

describe('a log group', () => {
  const wanted = { CloudWatchLogsLogGroupArn: GROUP_ARN, CloudWatchLogsRoleArn: ROLE_ARN }
  const role = async (service: string, ...statements: readonly object[]): Promise<void> => {
    const { iam } = bench.gateway
    await iam.call('CreateRole', {
      RoleName: 'to-logs',
      AssumeRolePolicyDocument: JSON.stringify(
        policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }),
      ),
    })
    await permit(...statements)
  }
  const permit = async (...statements: readonly object[]): Promise<void> => {
    await bench.gateway.iam.call('PutRolePolicy', {
      RoleName: 'to-logs',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify(policy(...statements)),
    })
  }
  const write = {
    ...allow('logs:*'),
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:aws:logs:us-east-1:111122223333:log-group:${GROUP}:log-stream:${STREAM}*`,
  }
  const group = (): Promise<unknown> => logs.call('CreateLogGroup', { logGroupName: GROUP }, HERE)
  const messages = async (): Promise<readonly string[]> => {
    const { events = [] } = await logs.call('FilterLogEvents', { logGroupName: GROUP }, HERE)
    const names = events.map(({ message = '' }) => (JSON.parse(message) as { eventName: string }).eventName)
    // The delivery's own call, which is recorded like anybody's.
    return names.filter((name) => name !== 'CreateLogStream')
  }

  const arrived = (...names: readonly string[]): Promise<unknown> =>
    eventually('events', 4, messages, (there) => there.join() === names.join())

  test('a role that is not there, or does not trust CloudTrail, is refused', async () => {
    await group()
    const untrusted =
      'InvalidCloudWatchLogsRoleArnException Access denied. Check the trust relationships for your role.'
    expect(await refusal(wanted)).toBe(untrusted)
    await role('ec2.amazonaws.com', write)
    expect(await refusal(wanted)).toBe(untrusted)
  })

  test('a role that may not write, and a group that is not there, are refused', async () => {
    await role('cloudtrail.amazonaws.com', allow('s3:*'))
    await group()
    expect(await refusal(wanted)).toBe(
      'InvalidCloudWatchLogsLogGroupArnException Access denied. Check the permissions for your role.',
    )
    await permit(allow('logs:*'))
    const other = { ...wanted, CloudWatchLogsLogGroupArn: GROUP_ARN.replace(GROUP, 'none') }
    expect(await refusal(other)).toBe(
      'InvalidCloudWatchLogsLogGroupArnException CloudTrail cannot validate the specified log group ARN.',
    )
  })

  test('whoever may not pass the role makes no trail with it', async () => {
    await role('cloudtrail.amazonaws.com', write)
    await group()
    const { key } = await bench.gateway.user('bob', policy(allow('cloudtrail:*')))
    expect(await refusal(wanted, key)).toContain('iam:PassRole')
    expect(await bench.call('ListTrails')).toEqual({ Trails: [] })
  })

  test('events arrive in its stream through the role, each once, and the status says when', async () => {
    await role('cloudtrail.amazonaws.com', write)
    await group()
    await bench.gateway.cloudtrail.logsDelivery.start()
    await create(wanted)
    await bench.call('StartLogging', { Name: 'audit' })
    await bench.call('ListTrails')
    await arrived('StartLogging', 'ListTrails')
    await bench.call('StopLogging', { Name: 'audit' })
    await bench.call('ListTrails')
    await bench.call('StartLogging', { Name: 'audit' })
    await arrived('StartLogging', 'ListTrails', 'StartLogging')
    const status = await bench.call('GetTrailStatus', { Name: 'audit' })
    expect(status).toHaveProperty('LatestCloudWatchLogsDeliveryTime')
  })

  test('a role that lost its permission is told in the status, and what waited arrives once it has it again', async () => {
    await role('cloudtrail.amazonaws.com', write)
    await group()
    await bench.gateway.cloudtrail.logsDelivery.start()
    await create(wanted)
    await permit(allow('s3:*'))
    await bench.call('StartLogging', { Name: 'audit' })
    await eventually(
      'the status says why',
      4,
      () => bench.call('GetTrailStatus', { Name: 'audit' }),
      (status) => String(status['LatestCloudWatchLogsDeliveryError']).includes('is not authorized to perform: logs:'),
    )
    await permit(write)
    await eventually('the event arrives', 4, messages, (names) => names.includes('StartLogging'))
  })
})

describe('a key', () => {
  const keyOf = async (statement: object): Promise<string> => {
    const { Arn } = await kms.key(
      {
        Policy: JSON.stringify(
          policy(
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${bench.account}:root` },
              Action: 'kms:*',
              Resource: '*',
            },
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudtrail.amazonaws.com' },
              Action: 'kms:DescribeKey',
              Resource: '*',
            },
            statement,
          ),
        ),
      },
      HERE,
    )
    return Arn
  }
  const encrypts = (trail: string): object => ({
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:GenerateDataKey*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:SourceArn': arnOf(trail), 'kms:EncryptionContext:aws:cloudtrail:arn': arnOf(trail) },
    },
  })

  test('is answered by its ARN, however it was named, and asked for with every file but no digest', async () => {
    const arn = await keyOf(encrypts('audit'))
    await kms.call('CreateAlias', { AliasName: 'alias/trail', TargetKeyId: arn }, HERE)
    expect(await create({ KmsKeyId: 'alias/trail', EnableLogFileValidation: true })).toMatchObject({ KmsKeyId: arn })
    await bench.call('StartLogging', { Name: 'audit' })
    await bench.later(5)
    await bench.later(60)
    const files = bench.buckets.keys('.json.gz').map((path) => bench.buckets.objects.get(path)?.input)
    const context = Buffer.from(JSON.stringify({ 'aws:cloudtrail:arn': arnOf('audit') })).toString('base64')
    expect(files.find((input) => input?.Key.includes('/CloudTrail/'))).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: arn,
      SSEKMSEncryptionContext: context,
    })
    expect(files.find((input) => input?.Key.includes('Digest'))).not.toHaveProperty('SSEKMSKeyId')
  })

  test('of another trail does not serve this one', async () => {
    const arn = await keyOf(encrypts('other'))
    expect(await refusal({ KmsKeyId: arn })).toBe(
      `InsufficientEncryptionPolicyException Insufficient permissions to access S3 bucket ${BUCKET} or KMS key ${arn}.`,
    )
  })

  test('that is not there, or disabled, is refused', async () => {
    const arn = await keyOf(encrypts('audit'))
    await kms.call('DisableKey', { KeyId: arn }, HERE)
    expect(await refusal({ KmsKeyId: arn })).toContain('KmsKeyDisabledException')
    expect(await refusal({ KmsKeyId: 'alias/none' })).toContain('KmsKeyNotFoundException')
  })
})
