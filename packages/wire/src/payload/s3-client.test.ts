import { Readable } from 'node:stream'
import {
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { readSignature } from '../sigv4/claim.ts'
import { verifyHead } from '../sigv4/verify.ts'
import { type DeclaredPayload, declaredPayload } from './declared.ts'
import { type DigestName, makeDigest } from './digests.ts'
import { type PayloadPlan, payloadPlan } from './plan.ts'
import { type PayloadSummary, payloadStream } from './stream.ts'
import { TARGET, faultOf } from './testing/s3-request.ts'

const SECRET = 'client/secret+key'
const KEY = "a b/ü+c//./d?e=f&g'(h)!*~.txt"
const CONTENT = Buffer.from('grüße '.repeat(20_000))
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const

const quiet = (): void => {}

/** What the official client gives its HTTP handler. */
interface ClientRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable | Uint8Array | string
}

interface Received {
  readonly head: RequestHead
  readonly payload: DeclaredPayload
  readonly plan: PayloadPlan
  readonly content: Buffer
  readonly summary: PayloadSummary
}

/** The official client, with the reading of its requests in the place of the network; `change` stands on the way. */
async function send(
  command: PutObjectCommand | UploadPartCommand | GetObjectCommand,
  change: (head: RequestHead, body: Buffer) => readonly [RequestHead, Buffer] = (head, body) => [head, body],
): Promise<Received> {
  let received: Received | undefined
  const requestHandler = {
    async handle(request: ClientRequest) {
      const [head, body] = change(headOf(request), await bodyOf(request))
      received = await receive(head, body)
      return { response: { statusCode: 200, headers: {}, body: Readable.from([]) } }
    },
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  }
  const client = new S3Client({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:4566',
    forcePathStyle: true,
    maxAttempts: 1,
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    credentials: { accessKeyId: 'AKIACLIENT', secretAccessKey: SECRET, sessionToken: 'tok//en==' },
    requestHandler,
  })
  try {
    await client.send(command as PutObjectCommand)
  } finally {
    client.destroy()
  }
  if (received === undefined) throw new Error('the client sent nothing')
  return received
}

async function receive(head: RequestHead, body: Buffer): Promise<Received> {
  const claim = readSignature(head, TARGET)
  expect(claim).toMatchObject({
    version: 4,
    accessKeyId: 'AKIACLIENT',
    region: 'eu-central-1',
    sessionToken: 'tok//en==',
  })
  const payload = declaredPayload(head, claim, TARGET)
  const verified = verifyHead({ claim, head, target: TARGET, secret: SECRET, nowMillis: Date.now() }, payload)
  const plan = payloadPlan(head, payload, verified)
  const stream = payloadStream(plan, Readable.from([body.subarray(0, 1_000), body.subarray(1_000)]))
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return { head, payload, plan, content: Buffer.concat(parts), summary: stream.summary() }
}

function headOf({ method, path, query, headers }: ClientRequest): RequestHead {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { method, rawUrl: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`, headers: lower }
}

async function bodyOf({ body }: ClientRequest): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0)
  if (!(body instanceof Readable)) return Buffer.from(body)
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

function checksumOf(algorithm: string): { readonly algorithm: string; readonly value: string } {
  const name = algorithm.toLowerCase() as DigestName
  const digest = makeDigest(name)
  digest.update(CONTENT)
  return { algorithm: name, value: digest.digest().toString('base64') }
}

const object = { Bucket: 'orders', Key: KEY } as const
const streamed = (more: Partial<PutObjectCommandInput> = {}): PutObjectCommand =>
  new PutObjectCommand({
    ...object,
    // Chunks of 64 KiB; smaller ones S3 would refuse, and so do we.
    Body: Readable.from([CONTENT.subarray(0, 65_536), CONTENT.subarray(65_536)]),
    ContentLength: CONTENT.length,
    ...more,
  })

test.each(ALGORITHMS)('PutObject of a stream with %s after it', async (algorithm) => {
  const { payload, content, summary } = await send(streamed({ ChecksumAlgorithm: algorithm }))
  expect(payload).toMatchObject({ kind: 'chunked', signed: false, trailers: true })
  expect(content.equals(CONTENT)).toBe(true)
  expect(summary.checksum).toEqual(checksumOf(algorithm))
})

test.each(ALGORITHMS)('PutObject of a buffer with %s in its head', async (algorithm) => {
  const { payload, content, summary } = await send(
    new PutObjectCommand({ ...object, Body: CONTENT, ChecksumAlgorithm: algorithm }),
  )
  expect(payload).toMatchObject({ kind: 'hashed' })
  expect(content.equals(CONTENT)).toBe(true)
  expect(summary.checksum).toEqual(checksumOf(algorithm))
})

test('UploadPart of a stream', async () => {
  const { Bucket, Key } = object
  const Body = Readable.from([CONTENT])
  const command = new UploadPartCommand({
    Bucket,
    Key,
    UploadId: 'a+b/c==',
    PartNumber: 3,
    Body,
    ContentLength: CONTENT.length,
  })
  const { content, summary } = await send(command)
  expect(content.equals(CONTENT)).toBe(true)
  expect(summary.checksum).toEqual(checksumOf('CRC32'))
})

test('a stream that is compressed keeps its coding and loses the framing', async () => {
  const { head, plan } = await send(streamed({ ContentEncoding: 'gzip', Metadata: { a: ' b  c ' } }))
  expect(head.headers['content-encoding']).toBe('gzip,aws-chunked')
  expect(plan.contentEncoding).toBe('gzip')
})

test('a checksum that the caller computed', async () => {
  const { value } = checksumOf('CRC64NVME')
  const { summary } = await send(new PutObjectCommand({ ...object, Body: CONTENT, ChecksumCRC64NVME: value }))
  expect(summary.checksum).toEqual({ algorithm: 'crc64nvme', value })
})

test('Content-MD5 beside the checksum', async () => {
  const { value } = checksumOf('MD5')
  const { summary } = await send(streamed({ ContentMD5: value }))
  expect(summary.digests).toMatchObject({ md5: value })
})

test('GetObject, which has no body', async () => {
  expect((await send(new GetObjectCommand(object))).summary.length).toBe(0)
})

test.each([
  {
    rule: 'a byte of the content',
    change: (head: RequestHead, body: Buffer): readonly [RequestHead, Buffer] => {
      body[100] = 0
      return [head, body]
    },
    code: 'BadDigest',
  },
  {
    rule: 'the key',
    change: (head: RequestHead, body: Buffer): readonly [RequestHead, Buffer] => [
      { ...head, rawUrl: head.rawUrl.replace('orders', 'other') },
      body,
    ],
    code: 'SignatureDoesNotMatch',
  },
  {
    rule: 'the announced checksum',
    change: (head: RequestHead, body: Buffer): readonly [RequestHead, Buffer] => [
      { ...head, headers: { ...head.headers, 'x-amz-trailer': 'x-amz-checksum-crc32c' } },
      body,
    ],
    code: 'SignatureDoesNotMatch',
  },
  {
    rule: 'the end',
    change: (head: RequestHead, body: Buffer): readonly [RequestHead, Buffer] => [head, body.subarray(0, -10)],
    code: 'IncompleteBody',
  },
])('what changes $rule on the way is noticed', async ({ change, code }) => {
  expect(await faultOf(() => send(streamed(), change))).toMatchObject({ code })
})

test('a stream in small pieces is refused as S3 does, and the client says what to do', async () => {
  const Body = Readable.from([CONTENT.subarray(0, 10), CONTENT.subarray(10)])
  const fault = await faultOf(() => send(streamed({ Body })))
  expect(fault).toMatchObject({ code: 'InvalidChunkSizeError', members: { Chunk: '2', BadChunkSize: '10' } })
  expect(fault.message).toContain('requestStreamBufferSize')
})
