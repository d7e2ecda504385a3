import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateExportTaskCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeExportTasksCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsCliPrograms } from '@sluice/testkit/aws-cli.ts'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const run = promisify(execFile)
const MEBIBYTE = 1_048_576
const platform = filePlatform()
let s3: S3Client

beforeAll(async () => {
  s3 = new S3Client({
    endpoint: platform.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
})
afterAll(async () => {
  s3.destroy()
})

const local = (name: string): string => join(platform.scratch, name)
/** A URL that lets whoever has it store an object, made by the signer of the official client. */
async function presignedPut(path: string): Promise<string> {
  const { hostname, port, host } = new URL(platform.url)
  const signer = (await s3.config.signer()) as unknown as {
    presign(request: object, options: object): Promise<{ readonly query: Readonly<Record<string, string>> }>
  }
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const request = { method: 'PUT', protocol: 'http:', hostname, port: Number(port), path, query: {}, headers }
  const { query } = await signer.presign(request, { expiresIn: 60 })
  return `${platform.url}${path}?${new URLSearchParams(query).toString()}`
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe.each(awsCliPrograms())('AWS CLI %s', (version, find) => {
  const bucket = `cli-${version.replace(' ', '-')}`
  let program: string

  beforeAll(() => {
    program = find()
  })

  async function aws(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      HOME: platform.scratch,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_PAGER: '',
    }
    const { stdout } = await run(program, ['--region', 'us-east-1', '--endpoint-url', platform.url, ...args], { env })
    return stdout
  }

  test('a bucket is made, filled, listed, synced and emptied', async () => {
    await aws('s3', 'mb', `s3://${bucket}`)
    mkdirSync(local(`${bucket}/deep/er`), { recursive: true })
    const files = { 'one.txt': 'one', 'deep/two ü.txt': 'two', 'deep/er/a+b%20c.bin': 'three' }
    for (const [name, text] of Object.entries(files)) writeFileSync(local(`${bucket}/${name}`), text)
    await aws('s3', 'sync', local(bucket), `s3://${bucket}/tree`)
    expect(await aws('s3', 'ls', `s3://${bucket}/tree/`)).toMatch(/PRE deep\/\n.* 3 one\.txt/)
    expect(await aws('s3', 'sync', local(bucket), `s3://${bucket}/tree`)).toBe('')
    await aws('s3', 'cp', '--recursive', `s3://${bucket}/tree`, local(`${bucket}-back`))
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(local(`${bucket}-back/${name}`), 'utf8')).toBe(text)
    await aws('s3', 'mv', `s3://${bucket}/tree/one.txt`, `s3://${bucket}/moved.txt`)
    expect(await aws('s3', 'ls', '--recursive', `s3://${bucket}`)).not.toContain('one.txt')
    await aws('s3', 'rm', '--recursive', `s3://${bucket}`)
    expect(await aws('s3', 'ls', '--recursive', `s3://${bucket}`).catch(() => '')).toBe('')
    await aws('s3', 'rb', `s3://${bucket}`)
  })

  test('a large file goes in parts, comes back in ranges, and is copied in parts', async () => {
    await aws('s3', 'mb', `s3://${bucket}-big`)
    const bytes = randomBytes(20 * MEBIBYTE + 7)
    writeFileSync(local('big.bin'), bytes)
    await aws('s3', 'cp', local('big.bin'), `s3://${bucket}-big/big`)
    const { ETag } = await s3.send(new GetObjectCommand({ Bucket: `${bucket}-big`, Key: 'big', Range: 'bytes=0-0' }))
    expect(ETag).toMatch(/-3"$/)
    await aws('s3', 'cp', `s3://${bucket}-big/big`, `s3://${bucket}-big/copy`)
    await aws('s3', 'cp', `s3://${bucket}-big/copy`, local('back.bin'))
    expect(hashOf(readFileSync(local('back.bin')))).toBe(hashOf(bytes))
    await aws('s3', 'rb', '--force', `s3://${bucket}-big`)
  })

  test('presigned URLs work without a key, until they end', async () => {
    await aws('s3', 'mb', `s3://${bucket}-url`)
    writeFileSync(local('url.txt'), 'by URL')
    await aws('s3', 'cp', local('url.txt'), `s3://${bucket}-url/a b/ü.txt`)
    const url = (await aws('s3', 'presign', `s3://${bucket}-url/a b/ü.txt`, '--expires-in', '60')).trim()
    expect(await (await fetch(url)).text()).toBe('by URL')
    expect((await fetch(url.replace(/Signature=.{4}/, 'Signature=0000'))).status).toBe(403)
    expect((await fetch(await presignedPut(`/${bucket}-url/put-by-url`), { method: 'PUT', body: 'sent' })).status).toBe(
      200,
    )
    const got = await s3.send(new GetObjectCommand({ Bucket: `${bucket}-url`, Key: 'put-by-url' }))
    expect(await got.Body?.transformToString()).toBe('sent')
  })
})

test('a log group is exported to a bucket once its policy lets CloudWatch Logs write', async () => {
  const { logs } = clients(platform.url)
  const logGroupName = '/exported'
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'a/b' }))
  const timestamp = Date.now()
  await logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName: 'a/b',
      logEvents: [
        { timestamp, message: 'first' },
        { timestamp: timestamp + 1, message: 'second' },
      ],
    }),
  )
  const Bucket = 'exports-of-logs'
  const task = new CreateExportTaskCommand({
    logGroupName,
    from: timestamp - 1_000,
    to: timestamp + 1_000,
    destination: Bucket,
    destinationPrefix: 'out',
  })
  await expect(logs.send(task)).rejects.toThrow('The given bucket does not exist')
  await s3.send(new CreateBucketCommand({ Bucket }))
  await expect(logs.send(task)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  const Service = 'logs.us-east-1.amazonaws.com'
  const Condition = {
    StringEquals: { 'aws:SourceAccount': '000000000000' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:000000000000:log-group:*' },
  }
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service },
        Action: 's3:GetBucketAcl',
        Resource: `arn:aws:s3:::${Bucket}`,
        Condition,
      },
      {
        Effect: 'Allow',
        Principal: { Service },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition,
      },
    ],
  })
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  const { taskId = '' } = await logs.send(task)
  await expect
    .poll(async () => (await logs.send(new DescribeExportTasksCommand({ taskId }))).exportTasks?.[0]?.status?.code, {
      timeout: 20_000,
    })
    .toBe('COMPLETED')
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }))
  const keys = Contents?.map((object) => object.Key)
  // The random id of the task decides which of the two is first.
  const Key = `out/${taskId}/a-b/000000.gz`
  expect(new Set(keys)).toEqual(new Set([Key, 'out/aws-logs-write-test']))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString()
  expect(text).toBe(`${new Date(timestamp).toISOString()} first\n${new Date(timestamp + 1).toISOString()} second\n`)
})

test('objects are encrypted with keys of KMS, and unreadable while the key is disabled', async () => {
  const kms = new KMSClient({
    endpoint: platform.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const Bucket = 'with-kms'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata?.KeyId ?? ''
  const encrypted = { Bucket, Key: 'k', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId } as const
  const put = await s3.send(new PutObjectCommand({ ...encrypted, Body: 'secret' }))
  expect(put).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyMetadata?.Arn })
  const read = async (): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).Body?.transformToString()
  expect(await read()).toBe('secret')
  await kms.send(new DisableKeyCommand({ KeyId }))
  await expect(read()).rejects.toThrow(/disabled/)
  await kms.send(new EnableKeyCommand({ KeyId }))
  expect(await read()).toBe('secret')
  const byDefault = { Bucket, Key: 'default', ServerSideEncryption: 'aws:kms', Body: 'x' } as const
  expect(await s3.send(new PutObjectCommand(byDefault))).toMatchObject({
    SSEKMSKeyId: expect.stringContaining(':key/') as unknown,
  })
  kms.destroy()
})

test('a platform that is started again has every object, and nothing else on its disk', async () => {
  const Bucket = 'kept-over-restart'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const body = randomBytes(300_000)
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: body }))
  await platform.kill()
  writeFileSync(join(platform.data, 'objects', 'incoming', '0'.repeat(32)), 'left by a crash')
  const { port } = new URL(platform.url)
  await platform.start({ port: Number(port) })
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))
  expect(hashOf((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(hashOf(body))
  expect(readdirSync(join(platform.data, 'objects', 'incoming'))).toEqual([])
})
