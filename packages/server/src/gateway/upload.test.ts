import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { ChecksumAlgorithm, NoSuchKey, S3Client } from '@aws-sdk/client-s3'
import { DeleteObjectsCommand, GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type PayloadStream, signRequest } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import { type GatewayBench, needs, openGatewayBench } from '../../../testkit/src/gateway-bench.ts'
import { type PortBench, openPortBench, requestHead } from '../../../testkit/src/port-bench.ts'

const KEY = { accessKeyId: '111122223333', secretAccessKey: 'test' }
const MEGABYTE = 1_048_576

interface Stored {
  readonly bytes: number
  readonly sha256: string
  readonly largestPiece: number
  readonly summary: ReturnType<PayloadStream['summary']>
}

let bench: GatewayBench
let port: PortBench
let s3: S3Client
let stored: Stored[]

beforeEach(async () => {
  stored = []
  bench = openGatewayBench({
    s3: {
      operations: {
        PutObject: async ({ Body, Key }) => {
          if (Key === 'refused') throw new AwsError('InvalidRequest', 400, 'This key is not for writing.')
          stored.push(await consume(Body as PayloadStream))
          return { ETag: '"e"' }
        },
        GetObject: ({ Key }) => {
          if (Key === 'missing') throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key })
          return { Body: pieces(Number(Key)), ContentLength: Number(Key) * MEGABYTE, ContentType: 'x/y' }
        },
        PutBucketPolicy: () => ({}),
      },
      access: {
        PutObject: needs('s3:PutObject', { category: 'data' }),
        GetObject: needs('s3:GetObject', { category: 'data', readOnly: true }),
        PutBucketPolicy: needs('s3:PutBucketPolicy'),
      },
    },
  })
  port = await openPortBench({ handle: (request) => bench.gateway.handle(request) })
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${String(port.port)}`,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: KEY,
  })
})
afterEach(async () => {
  s3.destroy()
  await port.server.close(0)
  await bench.close()
})

async function consume(body: PayloadStream): Promise<Stored> {
  const hash = createHash('sha256')
  let [bytes, largestPiece] = [0, 0]
  for await (const piece of body) {
    bytes += piece.length
    largestPiece = Math.max(largestPiece, piece.length)
    hash.update(piece)
  }
  return { bytes, sha256: hash.digest('hex'), largestPiece, summary: body.summary() }
}

async function* pieces(megabytes: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < megabytes; n += 1) yield await Promise.resolve(Buffer.alloc(MEGABYTE, n))
}

test('what the official client streams arrives whole, in pieces, and with its checksum', async () => {
  const put = new PutObjectCommand({
    Bucket: 'bucket',
    Key: 'a/key',
    Body: Readable.from(pieces(16)),
    ContentLength: 16 * MEGABYTE,
    ChecksumAlgorithm: ChecksumAlgorithm.CRC64NVME,
  })
  expect(await s3.send(put)).toMatchObject({ ETag: '"e"' })
  const whole = createHash('sha256')
  for await (const piece of pieces(16)) whole.update(piece)
  expect(stored).toMatchObject([
    { bytes: 16 * MEGABYTE, sha256: whole.digest('hex'), summary: { checksum: { algorithm: 'crc64nvme' } } },
  ])
  // The network's pieces are passed on; were the body held, there would be one of 16 MiB.
  expect(stored[0]?.largestPiece).toBeLessThanOrEqual(MEGABYTE)
})

test('bytes with a checksum in the head arrive as well, and an empty body is one', async () => {
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'hello' }))
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'empty' }))
  expect(stored.map(({ bytes }) => bytes)).toEqual([5, 0])
})

test('a body that is not what its checksum says is refused in the words of S3, and on record where it is a change', async () => {
  const wrong = new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'hello', ChecksumCRC32: 'AAAAAA==' })
  await expect(s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } })
  expect(stored).toEqual([])
  const policy = new PutBucketPolicyCommand({ Bucket: 'bucket', Policy: '{}', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })
  await expect(s3.send(policy)).rejects.toMatchObject({ name: 'BadDigest' })
  const notOne = new PutBucketPolicyCommand({ Bucket: 'bucket', Policy: '{}', ContentMD5: 'no digest' })
  await expect(s3.send(notOne)).rejects.toMatchObject({ name: 'InvalidDigest' })
  expect(bench.records()).toMatchObject([
    { eventName: 'PutBucketPolicy', errorCode: 'BadDigest' },
    { eventName: 'PutBucketPolicy', errorCode: 'InvalidDigest' },
  ])
})

test('an answer of many pieces is read to its end, and an error is an error', async () => {
  const { Body, ContentLength, ContentType } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: '8' }))
  const bytes = await Body?.transformToByteArray()
  expect([bytes?.length, ContentLength, ContentType]).toEqual([8 * MEGABYTE, 8 * MEGABYTE, 'x/y'])
  expect([bytes?.[0], bytes?.at(-1)]).toEqual([0, 7])
  await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'missing' }))).rejects.toBeInstanceOf(NoSuchKey)
})

test('an operation that is not built says so, and what follows works', async () => {
  const remove = new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: 'a' }] } })
  await expect(s3.send(remove)).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } })
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'next' }))
  expect(stored).toHaveLength(1)
})

test('an upload that is refused is not read, and ends its connection with the answer', async () => {
  const put = new PutObjectCommand({ Bucket: 'bucket', Key: 'refused', Body: randomBytes(3 * MEGABYTE) })
  await expect(s3.send(put)).rejects.toMatchObject({ name: 'InvalidRequest' })
  expect(stored).toEqual([])
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'next' }))
  expect(stored).toHaveLength(1)
})

test('whoever asks before sending an upload with a wrong signature is never told to send', async () => {
  const answer = await port.exchange(
    'http',
    requestHead(
      [
        'Host: localhost',
        'Expect: 100-continue',
        'Content-Length: 1000000',
        'X-Amz-Content-Sha256: UNSIGNED-PAYLOAD',
        'X-Amz-Date: 20261121T100000Z',
        `Authorization: AWS4-HMAC-SHA256 Credential=111122223333/20261121/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${'0'.repeat(64)}`,
      ],
      'PUT /bucket/key HTTP/1.1',
    ),
  )
  expect(answer).not.toContain('100 Continue')
  expect(answer).toContain('RequestTimeTooSkewed')
  expect(answer).toContain('connection: close')
})

test('an upload that breaks off stores nothing, and the port goes on', async () => {
  const socket = await port.dial('http')
  socket.write(requestHead(['Host: localhost', 'Content-Length: 1000'], 'PUT /bucket/key HTTP/1.1'))
  socket.write('half')
  socket.destroy()
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'next' }))
  expect(stored).toHaveLength(1)
})

test('an upload that trickles is cut', async () => {
  await port.server.close(0)
  port = await openPortBench({ handle: (request) => bench.gateway.handle(request), limits: { requestMillis: 60 } })
  const socket = await port.dial('http')
  const headers = signRequest({
    method: 'PUT',
    url: 'http://localhost/bucket/key',
    body: 'x'.repeat(1_000),
    service: 's3',
    region: 'us-east-1',
    accessKeyId: KEY.accessKeyId,
    secret: KEY.secretAccessKey,
  })
  let received = ''
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
  })
  socket.on('error', () => {})
  const lines = Object.entries({ ...headers, 'content-length': '1000' }).map(([name, value]) => `${name}: ${value}`)
  socket.write(requestHead(lines, 'PUT /bucket/key HTTP/1.1'))
  const trickle = setInterval(() => socket.write('x'), 10)
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(trickle)
  expect(received).toContain('408 Request Timeout')
  expect(stored).toEqual([])
})
