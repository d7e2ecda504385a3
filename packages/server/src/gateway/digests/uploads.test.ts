import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { signRequest } from '@sluice/wire'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { DigestThread } from '#gateway/digests/digest-thread.ts'
import { type DigestThreads, openDigestThreads } from '#gateway/digests/digest-threads.ts'
import { type S3Bench, bytesOf, openS3Bench } from '../../../../testkit/src/s3-bench.ts'

const Bucket = 'uploads'
const MEBIBYTE = 1_048_576
/** Worth a thread by itself. */
const LONG = 16 * MEBIBYTE

let bench: S3Bench
let threads: DigestThreads
let started: DigestThread[]
/** What the next threads run; left out: what they are for. */
let main: URL | undefined

beforeEach(async () => {
  started = []
  main = undefined
  const start = (ended: (reason: Error) => void): DigestThread => {
    const thread = new DigestThread(ended, main)
    started.push(thread)
    return thread
  }
  threads = openDigestThreads({ telemetry: silentTelemetry, most: 2, start })
  bench = await openS3Bench({ openDigests: threads.open })
  await bench.client.send(new CreateBucketCommand({ Bucket }))
})
afterEach(async () => {
  await bench.close()
  await threads.close()
})

const put = (Key: string, Body: Buffer, more: object = {}) =>
  bench.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const read = async (Key: string): Promise<Buffer> =>
  bytesOf(await bench.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' })))
const files = (): readonly string[] =>
  readdirSync(bench.objects, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
const bodies = (): number => started.reduce((sum, thread) => sum + thread.bodies, 0)

test('many at once are digested by threads, whatever their checksums, and are what was sent', async () => {
  const contents = (['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const).flatMap((ChecksumAlgorithm) =>
    [300_000, MEBIBYTE + 1].map((n) => ({
      key: `${ChecksumAlgorithm}${String(n)}`,
      ChecksumAlgorithm,
      body: randomBytes(n),
    })),
  )
  const stored = await Promise.all(
    contents.map(({ key, body, ChecksumAlgorithm }) => put(key, body, { ChecksumAlgorithm })),
  )
  expect(started).toHaveLength(2)
  expect(bodies()).toBe(0)
  for (const [n, { key, body }] of contents.entries()) {
    expect(stored[n]?.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`)
    expect((await read(key)).equals(body)).toBe(true)
  }
})

test('one whose checksum is wrong changes nothing', async () => {
  const before = randomBytes(LONG)
  await put('k', before)
  const kept = files()
  await expect(put('k', randomBytes(LONG), { ContentMD5: Buffer.alloc(16).toString('base64') })).rejects.toMatchObject({
    name: 'BadDigest',
  })
  await expect(put('k', randomBytes(LONG), { ChecksumCRC64NVME: 'AAAAAAAAAAA=' })).rejects.toMatchObject({
    name: 'BadDigest',
  })
  expect(started).toHaveLength(1)
  expect(bodies()).toBe(0)
  expect(files()).toEqual(kept)
  expect((await read('k')).equals(before)).toBe(true)
})

test('one that breaks off leaves neither bytes nor digests', async () => {
  const url = `${bench.url}/${Bucket}/k`
  const head = { method: 'PUT', url, headers: { 'content-length': String(LONG) } }
  const signing = { service: 's3', region: 'us-east-1', accessKeyId: '111122223333', secret: 'test' }
  const body = Buffer.alloc(LONG)
  const sent = request(url, { method: 'PUT', headers: signRequest({ ...head, body, ...signing }) })
  sent.on('error', () => {})
  sent.write(body.subarray(0, LONG / 2))
  await vi.waitFor(() => expect([bodies(), files().length > 0]).toEqual([1, true]), { timeout: 10_000 })
  sent.destroy()
  await vi.waitFor(() => expect([bodies(), files()]).toEqual([0, []]), { timeout: 10_000 })
})

test('one whose thread fails is not stored, and the next one is', async () => {
  const failing = `import { parentPort } from 'node:worker_threads'
    let taken = 0
    parentPort.on('message', ({ body, parts = [] }) => {
      for (const { byteLength } of parts) parentPort.postMessage({ body, kind: 'taken', bytes: byteLength })
      if (parts.length > 0 && ++taken === 40) throw new Error('failed')
    })`
  main = new URL(`data:text/javascript,${encodeURIComponent(failing)}`)
  await expect(put('k', randomBytes(LONG))).rejects.toMatchObject({ name: 'InternalError' })
  expect(files()).toEqual([])
  main = undefined
  const body = randomBytes(LONG)
  await put('k', body)
  expect((await read('k')).equals(body)).toBe(true)
})
