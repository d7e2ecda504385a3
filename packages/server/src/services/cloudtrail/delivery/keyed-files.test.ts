import { gunzipSync } from 'node:zlib'
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
import { trailBucketPolicy } from '../../../../../testkit/src/fake-buckets.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'
import { type S3Bench, bytesOf, openS3Bench } from '../../../../../testkit/src/s3-bench.ts'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import type { Courier } from '#services/cloudtrail/delivery/courier.ts'

/** A trail on the real S3 and the real KMS, behind the real gate. */
const ACCOUNT = '111122223333'
const ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`
const Bucket = 'keyed-trail'
const HERE = { region: region('us-east-1') }
let s3: S3Bench
let kms: KmsBench
let courier: Courier
let key: string

beforeEach(async () => {
  kms = await openKmsBench()
  s3 = await openS3Bench({ kms: kms.service })
  const { gateway } = s3
  courier = gateway.cloudtrail.courier({ call: gateway.gateway.call, telemetry: gateway.telemetry })
  await s3.client.send(new CreateBucketCommand({ Bucket }))
  await s3.client.send(new PutBucketPolicyCommand({ Bucket, Policy: trailBucketPolicy(Bucket, ACCOUNT, ARN) }))
  const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }
  const ofTrail = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceArn': ARN } },
  }
  key = (await kms.key({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [root, ofTrail] }) }, HERE)).Arn
  await call('CreateTrail', { Name: 'audit', S3BucketName: Bucket, KmsKeyId: key })
  await call('StartLogging', { Name: 'audit' })
})
afterEach(async () => {
  courier.close()
  await s3.close()
  await kms.close()
})

async function call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await s3.gateway.send('cloudtrail', operation, input)
  if (status !== 200) throw new Error(String(body))
  return JSON.parse(String(body)) as Readonly<Record<string, unknown>>
}
const later = async (minutes: number): Promise<void> => {
  s3.gateway.iam.clock.at += minutes * 60_000
  await courier.run()
}
const files = async (): Promise<readonly string[]> => {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket }))
  return Contents.map(({ Key = '' }) => Key).filter((name) => name.endsWith('.json.gz'))
}

test('files are under the key, and read by whoever may use it', async () => {
  await later(6)
  const [Key = ''] = await files()
  expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: key,
  })
  const text = gunzipSync(await bytesOf(await s3.client.send(new GetObjectCommand({ Bucket, Key })))).toString()
  const { Records } = JSON.parse(text) as { readonly Records: readonly { readonly eventName: string }[] }
  expect(Records.map(({ eventName }) => eventName)).toContain('StartLogging')
})

test('while the key is disabled nothing is delivered and the status says why; then everything is', async () => {
  await kms.call('DisableKey', { KeyId: key }, HERE)
  await later(6)
  expect(await files()).toEqual([])
  expect(await call('GetTrailStatus', { Name: 'audit' })).toMatchObject({
    LatestDeliveryError: expect.stringContaining('Disabled'),
  })
  await kms.call('EnableKey', { KeyId: key }, HERE)
  await later(6)
  expect(await files()).not.toEqual([])
  expect(await call('GetTrailStatus', { Name: 'audit' })).not.toHaveProperty('LatestDeliveryError')
})

test('a key policy that no longer lets the trail in stops it the same way', async () => {
  const closed = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [closed] })
  await kms.call('PutKeyPolicy', { KeyId: key, Policy }, HERE)
  await later(6)
  expect(await files()).toEqual([])
  expect((await call('GetTrailStatus', { Name: 'audit' }))['LatestDeliveryError']).toMatch(/AccessDenied/)
})
