import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  CreateTrailCommand,
  GetTrailStatusCommand,
  ListTrailsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail'
import { CreateKeyCommand } from '@aws-sdk/client-kms'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '@sluice/testkit/eventually.ts'
import { trailBucketPolicy } from '@sluice/testkit/fake-buckets.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { pythonEnvironment } from '@sluice/testkit/python-environment.ts'

const ACCOUNT = '111122223333'
const ROOT = { accessKeyId: ACCOUNT, secret: 'test' }
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`
const Bucket = 'trail-files'
/** Rounds of deliveries come every ten seconds. */
const PATIENCE_SECONDS = 40
const from = new Date(Date.now() - 3_600_000)
let ahead = 0
const platform = filePlatform({ env: { SLUICE_TESTING: '1' } })
const aws = platform.clients(ROOT)

async function later(minutes: number): Promise<void> {
  ahead += minutes
  const { ok } = await fetch(new URL('/_sluice/clock', platform.url), {
    method: 'POST',
    headers: { 'x-sluice-testing': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMillis: minutes * 60_000 }),
  })
  if (!ok) throw new Error('the clock did not move')
}
const keys = async (folder: 'CloudTrail' | 'CloudTrail-Digest'): Promise<readonly string[]> => {
  const { Contents = [] } = await aws.s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `AWSLogs/${ACCOUNT}/${folder}/` }),
  )
  return Contents.map(({ Key = '' }) => Key).filter((key) => key.endsWith('.json.gz'))
}
const read = async (Key: string): Promise<Buffer> => {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}
const records = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const files = await Promise.all((await keys('CloudTrail')).map(read))
  return files.flatMap(
    (file) => (JSON.parse(gunzipSync(file).toString()) as { Records: Readonly<Record<string, unknown>>[] }).Records,
  )
}

const allowTrail = (Action: string | readonly string[]): object => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action,
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': TRAIL } },
})

beforeAll(async () => {
  await aws.s3.send(new CreateBucketCommand({ Bucket }))
  await aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: trailBucketPolicy(Bucket, ACCOUNT, TRAIL) }))
  const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }
  const statements = [root, allowTrail(['kms:DescribeKey', 'kms:GenerateDataKey*'])]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({ Policy }))
  await aws.cloudtrail.send(
    new CreateTrailCommand({
      Name: 'audit',
      S3BucketName: Bucket,
      EnableLogFileValidation: true,
      KmsKeyId: KeyMetadata?.KeyId,
    }),
  )
  const DataResources = [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::data-files/'] }]
  await aws.cloudtrail.send(new PutEventSelectorsCommand({ TrailName: 'audit', EventSelectors: [{ DataResources }] }))
  await aws.cloudtrail.send(new StartLoggingCommand({ Name: 'audit' }))
}, 60_000)

/** `aws cloudtrail validate-logs` over the whole life of the trail, unchanged. */
async function validate(): Promise<{ readonly status: unknown; readonly said: string }> {
  const args = ['cloudtrail', 'validate-logs', '--verbose', '--trail-arn', TRAIL, '--start-time', from.toISOString()]
  const end = new Date(Date.now() + (ahead + 60) * 60_000)
  const child = spawn(pythonEnvironment().aws, [...args, '--end-time', end.toISOString()], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: platform.url,
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secret,
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  })
  const [said, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: status as unknown, said: `${said}${errors}` }
}

test('a call is in a file of the trail although the platform was killed before it was delivered', async () => {
  await aws.s3.send(new CreateBucketCommand({ Bucket: 'data-files' }))
  await aws.s3.send(new PutObjectCommand({ Bucket: 'data-files', Key: 'orders', Body: 'one' }))
  await aws.cloudtrail.send(new ListTrailsCommand({}))
  // A read and a data call are on the disk with the next group commit, which the next change waits for.
  await aws.s3.send(new CreateBucketCommand({ Bucket: 'other-files' }))
  await platform.kill()
  await platform.start()
  await later(6)
  const found = await eventually('a file of the trail', PATIENCE_SECONDS, records, (all) => all.length > 0)
  const names = found.map(({ eventName }) => eventName)
  expect(names).toEqual(expect.arrayContaining(['StartLogging', 'CreateBucket', 'PutObject', 'ListTrails']))
  expect(new Set(found.map(({ eventID }) => eventID)).size).toBe(found.length)
  expect(found.find(({ eventName }) => eventName === 'PutObject')).toMatchObject({
    eventCategory: 'Data',
    resources: [{ ARN: 'arn:aws:s3:::data-files/orders' }, { ARN: 'arn:aws:s3:::data-files' }],
  })
  const { LatestDeliveryError, LatestDeliveryTime } = await aws.cloudtrail.send(
    new GetTrailStatusCommand({ Name: 'audit' }),
  )
  expect({ LatestDeliveryError, isDelivered: LatestDeliveryTime !== undefined }).toEqual({ isDelivered: true })
}, 120_000)

test('the AWS CLI finds every digest and every file valid', async () => {
  await later(61)
  await eventually(
    'a digest',
    PATIENCE_SECONDS,
    () => keys('CloudTrail-Digest'),
    (found) => found.length > 0,
  )
  await later(60)
  await eventually(
    'a second digest',
    PATIENCE_SECONDS,
    () => keys('CloudTrail-Digest'),
    (found) => found.length > 1,
  )
  const { status, said } = await validate()
  expect(said).toMatch(/2\/2 digest files valid/)
  expect(said).toMatch(/([1-9]\d*)\/\1 log files valid/)
  expect(status).toBe(0)
}, 180_000)

test('it finds a file in which one byte was changed, and one that was removed', async () => {
  const [Key = ''] = await keys('CloudTrail')
  const bytes = gunzipSync(await read(Key))
  const middle = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle)
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(bytes) }))
  const changed = await validate()
  expect(changed.said).toContain('INVALID: hash value doesn')
  expect(changed.status).toBe(1)
  await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }))
  const removed = await validate()
  expect(removed.said).toContain('INVALID: not found')
  expect(removed.status).toBe(1)
}, 120_000)
