import { Agent } from 'node:http'
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { signRequest } from '@sluice/wire'
import { describe, expect, test } from 'vitest'
import type { RecordedCall } from '#kernel/service.ts'
import { s3AdditionalData } from '#services/s3/additional-data.ts'
import { trailBucketPolicy } from '../../../../testkit/src/fake-buckets.ts'
import { textOf, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('recorded')
const recordOf = (name: string) =>
  bench()
    .gateway.records()
    .findLast(({ eventName }) => eventName === name)

test('records name things as those of S3 on AWS do', async () => {
  const Host = new URL(bench().url).host
  await s3().send(
    new CreateBucketCommand({ Bucket: 'second', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  )
  await s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  expect(recordOf('CreateBucket')).toMatchObject({
    eventSource: 's3.amazonaws.com',
    requestParameters: {
      bucketName: 'second',
      Host,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    },
    resources: [{ type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::second' }],
  })
  expect(recordOf('PutBucketVersioning')).toMatchObject({
    requestParameters: { bucketName: Bucket, Host, VersioningConfiguration: { Status: 'Enabled' } },
    responseElements: null,
  })
})

/** Has a trail select all data events. */
async function selectData(): Promise<void> {
  const call = async (operation: string, input: object): Promise<void> => {
    expect((await bench().gateway.send('cloudtrail', operation, input)).status).toBe(200)
  }
  await s3().send(new CreateBucketCommand({ Bucket: 'trail-files' }))
  const trail = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'
  const Policy = trailBucketPolicy('trail-files', '111122223333', trail)
  await s3().send(new PutBucketPolicyCommand({ Bucket: 'trail-files', Policy }))
  await call('CreateTrail', { Name: 'audit', S3BucketName: 'trail-files' })
  await call('PutEventSelectors', {
    TrailName: 'audit',
    EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }],
  })
  await call('StartLogging', { Name: 'audit' })
}

describe('beside request and response', () => {
  const signed = { SignatureVersion: 'SigV4', AuthenticationMethod: 'AuthHeader', 'x-amz-id-2': expect.any(String) }

  test('records tell how a call was signed and how many bytes came and went', async () => {
    const { $metadata } = await s3().send(new GetBucketVersioningCommand({ Bucket }))
    expect(recordOf('GetBucketVersioning')?.['additionalEventData']).toEqual({
      ...signed,
      'x-amz-id-2': $metadata.extendedRequestId,
      bytesTransferredIn: 0,
      bytesTransferredOut: expect.any(Number),
    })
    const { rawBody, sent } = await rawly('GET', '?versioning')
    expect(recordOf('GetBucketVersioning')).toMatchObject({
      additionalEventData: { bytesTransferredOut: rawBody.length, 'x-amz-id-2': sent },
    })
    await expect(s3().send(new GetBucketPolicyCommand({ Bucket }))).rejects.toThrow('policy')
    expect(recordOf('GetBucketPolicy')).toMatchObject({
      errorCode: 'NoSuchBucketPolicy',
      additionalEventData: { ...signed, bytesTransferredOut: expect.toSatisfy((bytes: number) => bytes > 100) },
    })
  })

  test('data events as well, with how the object was encrypted and who asked for that', async () => {
    await selectData()
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x'.repeat(1_000) }))
    expect(recordOf('PutObject')).toMatchObject({
      additionalEventData: {
        ...signed,
        SSEApplied: 'Default_SSE_S3',
        bytesTransferredIn: 1_000,
        bytesTransferredOut: 0,
      },
    })
    expect(recordOf('PutObject')?.['resources']).toEqual([
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${Bucket}/k` },
      { accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${Bucket}` },
    ])
    await (
      await s3().send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=10-109' }))
    ).Body?.transformToByteArray()
    expect(recordOf('GetObject')?.['additionalEventData']).toEqual({
      ...signed,
      bytesTransferredIn: 0,
      bytesTransferredOut: 100,
    })
    await s3().send(new HeadObjectCommand({ Bucket, Key: 'k' }))
    expect(recordOf('HeadObject')).toMatchObject({ additionalEventData: { ...signed, bytesTransferredOut: 0 } })
    const { rawBody } = await rawly('GET', '/none')
    expect(recordOf('GetObject')).toMatchObject({
      errorCode: 'NoSuchKey',
      additionalEventData: { bytesTransferredOut: rawBody.length },
    })
  })

  test.each([
    [{}, { ServerSideEncryption: 'AES256' }, 'Default_SSE_S3'],
    [{}, { ServerSideEncryption: 'aws:kms' }, 'Default_SSE_KMS'],
    [{ ServerSideEncryption: 'AES256' }, { ServerSideEncryption: 'AES256' }, 'SSE_S3'],
    [{ ServerSideEncryption: 'aws:kms' }, { ServerSideEncryption: 'aws:kms' }, 'SSE_KMS'],
    [{ SSECustomerAlgorithm: 'AES256' }, { SSECustomerAlgorithm: 'AES256' }, 'SSE_C'],
    [{ ServerSideEncryption: 'AES256' }, undefined, undefined],
  ])('of %j that was answered %j the record says %j', (input, output, SSEApplied) => {
    for (const operation of ['PutObject', 'CopyObject', 'CreateMultipartUpload'])
      expect(s3AdditionalData({ ...CALL, operation, input, output }).SSEApplied).toBe(SSEApplied)
    expect(s3AdditionalData({ ...CALL, operation: 'GetObject', input, output })).not.toHaveProperty('SSEApplied')
  })

  test('a call with TLS tells its cipher, one with a signed URL that, and one of nobody neither', () => {
    const tls = { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' }
    const source = { ...CALL.source, tls, signature: { version: 2, place: 'query' } as const, received: () => 7 }
    expect(s3AdditionalData({ ...CALL, source })).toEqual({
      SignatureVersion: 'SigV2',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: 7,
      AuthenticationMethod: 'QueryString',
      'x-amz-id-2': 'host',
      bytesTransferredOut: 3,
    })
    expect(s3AdditionalData(CALL)).toEqual({ bytesTransferredIn: 0, 'x-amz-id-2': 'host', bytesTransferredOut: 3 })
  })
})

const CALL: RecordedCall = {
  operation: 'GetObject',
  input: {},
  output: {},
  source: { ip: '127.0.0.1', userAgent: 'test' },
  reply: { status: 200, headers: { 'x-amz-id-2': 'host' }, body: 'xyz' },
}

/** What is answered to a request that no client of ours reads. */
async function rawly(
  method: string,
  path: string,
): Promise<{ readonly rawBody: Buffer; readonly sent: string | null }> {
  const url = `${bench().url}/${Bucket}${path}`
  const signing = { service: 's3', region: 'us-east-1', accessKeyId: '111122223333', secret: 'test' }
  const answer = await fetch(url, { method, headers: signRequest({ method, url, body: '', ...signing }) })
  return { rawBody: Buffer.from(await answer.arrayBuffer()), sent: answer.headers.get('x-amz-id-2') }
}

test('a bucket may stand in the host, for the official client as well', async () => {
  // Names below localhost are not resolved everywhere.
  const httpAgent = new Agent({ lookup: (_name, options, found) => found(null, options.all ? [HERE] : '127.0.0.1', 4) })
  const client = new S3Client({
    endpoint: `http://s3.localhost:${String(bench().port.port)}`,
    region: 'us-east-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { httpAgent },
  })
  await client.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'in the host' }))
  expect(await textOf(await client.send(new GetObjectCommand({ Bucket, Key: 'a/b' })))).toBe('in the host')
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['a/b'])
  const hosts = bench().port.requests.map(({ head }) => head.headers['host'])
  expect(hosts.filter((host) => host?.startsWith(`${Bucket}.s3.localhost:`))).toHaveLength(3)
  client.destroy()
})

const HERE = { address: '127.0.0.1', family: 4 }
