import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateAliasCommand, CreateKeyCommand, EncryptCommand } from '@aws-sdk/client-kms'
import type { Clients } from '@sluice/testkit/clients.ts'

/** What a data directory was filled with, as far as it is not the same every time. */
export interface Made {
  /** Of the first event, in milliseconds since 1970. */
  readonly firstEvent: number
  readonly kmsKeyArn: string
  /** What the key encrypted, in base64. */
  readonly ciphertext: string
  readonly accessKeyId: string
  readonly secret: string
  /** Where its {@link OBJECTS} are; left out by versions that had no S3. */
  readonly bucket?: string
}

export const GROUP = '/upgrade/plain'
export const PROTECTED_GROUP = '/upgrade/protected'
export const DELETED_GROUP = '/upgrade/deleted'
export const STREAM = 'activemq-b-1-1.log'
export const PLAINTEXT = 'sealed by an earlier version'
export const ALIAS = 'alias/upgrade'
export const USER = 'keeper'
export const TAGS = { team: 'ä', stage: 'old' }
export const USER_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' }],
}
export const RESOURCE_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'mq.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
    },
  ],
}
export const PROTECTION_POLICY = {
  Name: 'p',
  Version: '2021-06-01',
  Statement: [{ Audit: { FindingsDestination: {} } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
    DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
    Operation,
  })),
}
/** The messages of {@link GROUP}: the first ones are in the column store, the last ones only in a segment. */
export const INSERTED = ['INFO first', 'ERROR日本語 with a\nstack trace', `long ${'x'.repeat(20_000)}`]
export const WAITING = ['INFO waits for the column store', 'ERROR waits as well']
export const MASKED = 'to jane@example.com'

/** Contents of objects by key: one that lies in its record, and one that is a file of several blocks. */
export const OBJECTS = { 'a/small': 'few bytes', 'a/large': 'many bytes '.repeat(8_000) } as const

/** Everything that is made before the events. */
export async function fill(url: string, { logs, iam, kms }: Clients): Promise<Omit<Made, 'firstEvent'>> {
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: GROUP, tags: TAGS }))
  await logs.send(new sdk.PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 3_653 }))
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: PROTECTED_GROUP, deletionProtectionEnabled: true }))
  await logs.send(
    new sdk.PutDataProtectionPolicyCommand({
      logGroupIdentifier: PROTECTED_GROUP,
      policyDocument: JSON.stringify(PROTECTION_POLICY),
    }),
  )
  for (const logGroupName of [GROUP, PROTECTED_GROUP])
    await logs.send(new sdk.CreateLogStreamCommand({ logGroupName, logStreamName: STREAM }))
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: DELETED_GROUP }))
  await logs.send(new sdk.DeleteLogGroupCommand({ logGroupName: DELETED_GROUP }))
  await logs.send(
    new sdk.PutResourcePolicyCommand({ policyName: 'AmazonMQ-logs', policyDocument: JSON.stringify(RESOURCE_POLICY) }),
  )
  await logs.send(new sdk.PutQueryDefinitionCommand({ name: 'errors', queryString: 'filter @message like /ERROR/' }))

  await iam.send(new CreateUserCommand({ UserName: USER }))
  const PolicyDocument = JSON.stringify(USER_POLICY)
  await iam.send(new PutUserPolicyCommand({ UserName: USER, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER }))

  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'made by an earlier version' }))
  await kms.send(new CreateAliasCommand({ AliasName: ALIAS, TargetKeyId: KeyMetadata?.KeyId }))
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: ALIAS, Plaintext: Buffer.from(PLAINTEXT) }))
  const bucket = 'upgrade'
  const s3 = s3At(url)
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  for (const [Key, Body] of Object.entries(OBJECTS)) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
  return {
    bucket,
    kmsKeyArn: KeyMetadata?.Arn ?? '',
    ciphertext: Buffer.from(CiphertextBlob ?? []).toString('base64'),
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secret: AccessKey?.SecretAccessKey ?? '',
  }
}

/** The contents of {@link OBJECTS} as they are there. */
export async function objectsIn(url: string, bucket: string): Promise<Readonly<Record<string, string | undefined>>> {
  const s3 = s3At(url)
  const read = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString()
  return Object.fromEntries(await Promise.all(Object.keys(OBJECTS).map(async (key) => [key, await read(key)] as const)))
}

const s3At = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })

/** Puts messages a millisecond apart. */
export const put = (
  { logs }: Clients,
  logGroupName: string,
  from: number,
  messages: readonly string[],
): Promise<unknown> =>
  logs.send(
    new sdk.PutLogEventsCommand({
      logGroupName,
      logStreamName: STREAM,
      logEvents: messages.map((message, at) => ({ timestamp: from + at, message })),
    }),
  )
