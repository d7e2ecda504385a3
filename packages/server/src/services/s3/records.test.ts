import { Agent } from 'node:http'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
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
