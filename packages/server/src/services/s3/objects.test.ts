import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { BLOBS } from '#stores/objects/blob-record.ts'
import type { BlobRecord } from '#stores/objects/object-store.ts'
import { bytesOf, refusal, useS3 } from '../../../../testkit/src/s3-bench.ts'
import { filesBelow } from '../../../../testkit/src/stored-bytes.ts'

const { bench, s3, Bucket } = useS3('orders')

const put = (Key: string, Body: PutObjectCommandInput['Body'] = Key, more: Partial<PutObjectCommandInput> = {}) =>
  s3().send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
/** An object with its bytes, so that no answer is left unread. */
const get = async (Key: string, more: Partial<GetObjectCommandInput> = {}) => {
  const answer = await s3().send(new GetObjectCommand({ Bucket, Key, ...more }))
  const bytes = await bytesOf(answer)
  return { ...answer, bytes, text: bytes.toString() }
}
const keys = async (): Promise<readonly string[]> =>
  ((await s3().send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key = '' }) => Key)
const stored = async (): Promise<number> => (await bench().storedBytes()).length

describe('objects', () => {
  test('an object is read back with all that was said about it', async () => {
    const body = randomBytes(200_000)
    const said = {
      ContentType: 'x/y',
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { colour: 'blue' },
    }
    const { ETag } = await put('a/b', body, said)
    expect(ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`)
    const got = await get('a/b')
    expect(got).toMatchObject({
      ...said,
      ETag,
      ContentLength: 200_000,
      ServerSideEncryption: 'AES256',
      AcceptRanges: 'bytes',
    })
    expect(got.bytes.equals(body)).toBe(true)
    const head = await s3().send(new HeadObjectCommand({ Bucket, Key: 'a/b' }))
    expect(head).toMatchObject({ ...said, ETag, ContentLength: 200_000 })
    expect(head.VersionId).toBeUndefined()
  })

  test('a later object takes the place of the one before, whose bytes go', async () => {
    await put('k', randomBytes(50_000))
    await put('k', 'two')
    expect((await get('k')).text).toBe('two')
    await expect.poll(stored).toBe(1)
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
    expect(await refusal(get('k'))).toBe('NoSuchKey 404')
    await expect.poll(stored).toBe(0)
  })

  test.each([1_000, 100_000])('%d bytes on the disk are encrypted, each object in its own way', async (size) => {
    const body = Buffer.alloc(size, 'plain words ')
    await put('one', body)
    await put('two', body)
    const [first, second, ...others] = await bench().storedBytes()
    expect(others).toEqual([])
    for (const bytes of [first, second]) {
      expect(bytes?.length).toBeGreaterThan(size)
      expect(bytes?.includes('plain words')).toBe(false)
    }
    expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false)
  })

  test('many at once, and a stream of unknown pieces', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => put(`k/${String(n)}`, `value ${String(n)}`)))
    const read = await Promise.all(Array.from({ length: 40 }, async (_, n) => (await get(`k/${String(n)}`)).text))
    expect(read).toEqual(Array.from({ length: 40 }, (_, n) => `value ${String(n)}`))
    const pieces = Array.from({ length: 20 }, (_, n) => Buffer.alloc(70_001, n))
    await put('stream', Readable.from(pieces), { ContentLength: 20 * 70_001 })
    expect((await get('stream')).bytes.equals(Buffer.concat(pieces))).toBe(true)
  })

  test('of many writers of one key one is the last, and only its bytes stay', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => put('same', `value ${String(n)}`)))
    expect((await get('same')).text).toMatch(/^value \d+$/)
    await expect.poll(stored).toBe(1)
  })

  test('a reader goes on while its object is replaced and removed', async () => {
    const body = randomBytes(3_000_000)
    await put('k', body)
    const reading = await s3().send(new GetObjectCommand({ Bucket, Key: 'k' }))
    await put('k', 'new')
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
    expect((await bytesOf(reading)).equals(body)).toBe(true)
    await expect.poll(stored).toBe(0)
  })

  test('no byte is sent of a small object whose bytes are damaged', async () => {
    const { records } = bench().deps
    await put('k', 'small')
    const [blob] = await records.listAll<BlobRecord>(BLOBS)
    if (blob === undefined) throw new Error('the bytes of a small object lie in a record')
    const sealed = Buffer.from(blob.value.sealed ?? '', 'base64')
      .fill(0, 0, 1)
      .toString('base64')
    await records.commit([{ kind: 'put', key: blob.key, value: { sealed } }])
    expect(await refusal(s3().send(new GetObjectCommand({ Bucket, Key: 'k' })))).toBe('InternalError 500')
    // Whoever reads it does not keep it from being removed.
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
    await expect.poll(stored).toBe(0)
  })
})

const ODD = [
  '../x',
  '../../../../etc/passwd',
  'a//b',
  '/leading',
  'trailing/',
  'a b+c%20d',
  'ünïcödé/\u{1f980}',
  'a\u0001b',
  'a&<b>"\'',
  '.',
  '..',
  '~!*()',
  'x'.repeat(1_024),
  'é'.repeat(512),
]

describe('keys', () => {
  test.each(ODD.filter((key) => key !== '.' && key !== '..'))('%j is a key like any other', async (Key) => {
    await put(Key, `body of ${Key}`)
    expect((await get(Key)).text).toBe(`body of ${Key}`)
    const listed = await s3().send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
    expect(listed.Contents?.map(({ Key: found = '' }) => decodeURIComponent(found))).toEqual([Key])
    await s3().send(new DeleteObjectCommand({ Bucket, Key }))
    expect(await refusal(get(Key))).toBe('NoSuchKey 404')
  })

  test('a key is at most 1,024 bytes long', async () => {
    expect(await refusal(put('x'.repeat(1_025), ''))).toBe('KeyTooLongError 400')
    expect(await refusal(put(`${'é'.repeat(512)}x`, ''))).toBe('KeyTooLongError 400')
    expect(await keys()).toEqual([])
  })

  test('no key leaves the directory of objects', async () => {
    for (const key of ['../x', '../../x', '/etc/x']) await put(key, randomBytes(50_000))
    const files = filesBelow(bench().objects)
    expect(files).toHaveLength(3)
    expect(files.every((file) => /\/objects\/[0-9a-f]{2}\/[0-9a-f]{32}$/.test(file))).toBe(true)
  })
})

describe('ranges', () => {
  test.each([
    ['bytes=0-0', 'a', 'bytes 0-0/10'],
    ['bytes=2-4', 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-3', 'hij', 'bytes 7-9/10'],
    ['bytes=-100', 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=5-100', 'fghij', 'bytes 5-9/10'],
    ['bytes=0-9', 'abcdefghij', 'bytes 0-9/10'],
  ])('%s', async (Range, text, ContentRange) => {
    await put('k', 'abcdefghij')
    const got = await get('k', { Range })
    expect(got).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } })
    expect(got.text).toBe(text)
  })

  test.each(['bytes=4-2', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])(
    '%s is no range of one piece, so all is given',
    async (Range) => {
      await put('k', 'abcdefghij')
      const got = await get('k', { Range })
      expect(got.$metadata.httpStatusCode).toBe(200)
      expect(got.text).toBe('abcdefghij')
    },
  )

  test.each(['bytes=10-', 'bytes=100-200', 'bytes=-0'])('%s cannot be given', async (Range) => {
    await put('k', 'abcdefghij')
    expect(await refusal(get('k', { Range }))).toBe('InvalidRange 416')
  })

  test('an empty object has no range', async () => {
    await put('k', '')
    expect((await get('k')).text).toBe('')
    expect(await refusal(get('k', { Range: 'bytes=0-1' }))).toBe('InvalidRange 416')
    expect(await refusal(get('k', { Range: 'bytes=0-1', PartNumber: 1 }))).toBe('InvalidRequest 400')
  })

  test('an object in one piece is its own only part', async () => {
    await put('k', 'abc')
    const got = await get('k', { PartNumber: 1 })
    expect(got).toMatchObject({ ContentRange: 'bytes 0-2/3', $metadata: { httpStatusCode: 206 } })
    expect(await refusal(get('k', { PartNumber: 2 }))).toBe('InvalidPartNumber 416')
  })
})

describe('conditions', () => {
  const DAY = 86_400_000
  const at = (days: number): Date => new Date(bench().gateway.iam.clock.at + days * DAY)
  const other = '"00000000000000000000000000000000"'

  test('of reads', async () => {
    const { ETag = '' } = await put('k')
    const cases: readonly (readonly [Partial<GetObjectCommandInput>, number])[] = [
      [{ IfMatch: ETag }, 200],
      [{ IfMatch: ETag.replaceAll('"', '') }, 200],
      [{ IfMatch: '*' }, 200],
      [{ IfMatch: other }, 412],
      [{ IfNoneMatch: ETag }, 304],
      [{ IfNoneMatch: '*' }, 304],
      [{ IfNoneMatch: other }, 200],
      [{ IfModifiedSince: at(-1) }, 200],
      [{ IfModifiedSince: at(0) }, 304],
      [{ IfUnmodifiedSince: at(-1) }, 412],
      [{ IfUnmodifiedSince: at(1) }, 200],
      // ETags come before times.
      [{ IfMatch: ETag, IfUnmodifiedSince: at(-1) }, 200],
      [{ IfNoneMatch: other, IfModifiedSince: at(1) }, 200],
      [{ IfNoneMatch: ETag, IfModifiedSince: at(-1) }, 304],
      [{ IfMatch: other, IfNoneMatch: ETag }, 412],
    ]
    for (const [conditions, status] of cases) {
      const answered = await get('k', conditions).then(
        ({ $metadata }) => $metadata.httpStatusCode,
        ({ $metadata }: { $metadata: { httpStatusCode: number } }) => $metadata.httpStatusCode,
      )
      expect([conditions, answered]).toEqual([conditions, status])
      const head = await s3()
        .send(new HeadObjectCommand({ Bucket, Key: 'k', ...conditions }))
        .then(
          ({ $metadata }) => $metadata.httpStatusCode,
          ({ $metadata }: { $metadata: { httpStatusCode: number } }) => $metadata.httpStatusCode,
        )
      expect([conditions, head]).toEqual([conditions, status])
    }
  })

  test('who has it already is told its ETag, and no body', async () => {
    const { ETag = '' } = await put('k')
    const error = await get('k', { IfNoneMatch: ETag }).catch((thrown: unknown) => thrown)
    const { $response } = error as { readonly $response: { readonly headers: Record<string, string> } }
    expect($response.headers).toMatchObject({ etag: ETag })
    expect($response.headers['last-modified']).toMatch(/GMT$/)
    expect((await get('k')).text).toBe('k')
  })

  test('of writes: only if there is none, or the one that the client knows', async () => {
    const { ETag = '' } = await put('k', 'one', { IfNoneMatch: '*' })
    expect(await refusal(put('k', 'two', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412')
    expect(await refusal(put('k', 'two', { IfMatch: other }))).toBe('PreconditionFailed 412')
    expect(await refusal(put('none', 'two', { IfMatch: ETag }))).toBe('NoSuchKey 404')
    expect(await refusal(put('k', 'two', { IfNoneMatch: ETag }))).toBe('NotImplemented 501')
    expect((await get('k')).text).toBe('one')
    await put('k', 'two', { IfMatch: ETag })
    expect((await get('k')).text).toBe('two')
    expect(await stored()).toBe(1)
  })

  test('of many that want to be the first exactly one is', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => put('k', String(n), { IfNoneMatch: '*' })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect.poll(stored).toBe(1)
  })

  test('of deletions', async () => {
    const { ETag = '' } = await put('k')
    expect(await refusal(s3().send(new DeleteObjectCommand({ Bucket, Key: 'k', IfMatch: other })))).toBe(
      'PreconditionFailed 412',
    )
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'k', IfMatch: ETag }))
    expect(await keys()).toEqual([])
  })
})

test('an answer can be told to say something else than was stored', async () => {
  await put('k', 'x', { ContentType: 'x/y' })
  expect(
    await get('k', {
      ResponseContentType: 'a/b',
      ResponseCacheControl: 'no-store',
      ResponseContentDisposition: 'inline',
      ResponseContentEncoding: 'identity',
      ResponseContentLanguage: 'en',
    }),
  ).toMatchObject({
    ContentType: 'a/b',
    CacheControl: 'no-store',
    ContentDisposition: 'inline',
    ContentEncoding: 'identity',
    ContentLanguage: 'en',
  })
})

describe('checksums', () => {
  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    '%s is kept and given back',
    async (ChecksumAlgorithm) => {
      const answer = await put('k', 'hello', { ChecksumAlgorithm })
      const value = answer[`Checksum${ChecksumAlgorithm}`]
      expect(value).toBeDefined()
      const got = await get('k', { ChecksumMode: 'ENABLED' })
      expect(got[`Checksum${ChecksumAlgorithm}`]).toBe(value)
      expect(got.ChecksumType).toBe('FULL_OBJECT')
      expect(got.text).toBe('hello')
      const plain = await get('k', { Range: 'bytes=0-1', ChecksumMode: 'ENABLED' })
      expect(plain[`Checksum${ChecksumAlgorithm}`]).toBeUndefined()
    },
  )

  test('a wrong one changes nothing', async () => {
    await put('k', 'before')
    expect(await refusal(put('k', 'after', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }))).toBe(
      'BadDigest 400',
    )
    expect(await refusal(put('k', 'after', { ContentMD5: Buffer.alloc(16).toString('base64') }))).toBe('BadDigest 400')
    expect((await get('k')).text).toBe('before')
    expect(await stored()).toBe(1)
  })

  test('an upload that ends too early changes nothing', async () => {
    const socket = await bench().port.dial('http')
    socket.write('PUT /orders/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf')
    socket.destroy()
    await put('other')
    expect(await keys()).toEqual(['other'])
    expect(await stored()).toBe(1)
  })

  test('attributes tell chosen facts', async () => {
    const { ETag = '' } = await put('k', 'hello', { ChecksumAlgorithm: 'SHA256' })
    const attributes = await s3().send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'k',
        ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize', 'StorageClass', 'ObjectParts'],
      }),
    )
    expect(attributes).toMatchObject({
      ETag: ETag.replaceAll('"', ''),
      ObjectSize: 5,
      StorageClass: 'STANDARD',
      Checksum: { ChecksumSHA256: createHash('sha256').update('hello').digest('base64'), ChecksumType: 'FULL_OBJECT' },
    })
    expect(attributes.ObjectParts).toBeUndefined()
  })
})

describe('copies', () => {
  const copy = (from: string, Key: string, more: object = {}) =>
    s3().send(new CopyObjectCommand({ Bucket, CopySource: `${Bucket}/${encodeURIComponent(from)}`, Key, ...more }))

  test('bytes, headers and tags go along unless they are replaced', async () => {
    await put('from/ü b', 'hello', { ContentType: 'x/y', Metadata: { a: '1' }, Tagging: 'team=red' })
    const { CopyObjectResult } = await copy('from/ü b', 'to')
    expect(CopyObjectResult?.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`)
    expect(await get('to')).toMatchObject({ ContentType: 'x/y', Metadata: { a: '1' }, TagCount: 1 })
    await copy('from/ü b', 'to2', {
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      ContentType: 'z/z',
      TaggingDirective: 'REPLACE',
      Tagging: 'a=1&b=2',
    })
    const replaced = await get('to2')
    expect(replaced).toMatchObject({ ContentType: 'z/z', Metadata: { b: '2' }, TagCount: 2 })
    expect(replaced.text).toBe('hello')
  })

  test('onto itself only with a change', async () => {
    await put('k', 'x', { Metadata: { a: '1' } })
    expect(await refusal(copy('k', 'k'))).toBe('InvalidRequest 400')
    await copy('k', 'k', { MetadataDirective: 'REPLACE', Metadata: { a: '2' } })
    expect(await get('k')).toMatchObject({ Metadata: { a: '2' } })
  })

  test('conditions are on the source', async () => {
    const { ETag = '' } = await put('k')
    expect(await refusal(copy('k', 'to', { CopySourceIfMatch: '"x"' }))).toBe('PreconditionFailed 412')
    expect(await refusal(copy('k', 'to', { CopySourceIfNoneMatch: ETag }))).toBe('PreconditionFailed 412')
    expect(await refusal(copy('none', 'to'))).toBe('NoSuchKey 404')
    await copy('k', 'to', { CopySourceIfMatch: ETag })
    expect(await keys()).toEqual(['k', 'to'])
  })

  test('a checksum of the kind that is asked for, else of the kind the source has', async () => {
    await put('k', 'hello', { ChecksumAlgorithm: 'SHA1' })
    await copy('k', 'same')
    expect((await get('same', { ChecksumMode: 'ENABLED' })).ChecksumSHA1).toBe(
      createHash('sha1').update('hello').digest('base64'),
    )
    await copy('k', 'other', { ChecksumAlgorithm: 'SHA256' })
    expect((await get('other', { ChecksumMode: 'ENABLED' })).ChecksumSHA256).toBe(
      createHash('sha256').update('hello').digest('base64'),
    )
  })
})

describe('deleting many', () => {
  test('each is told, those that were not there too', async () => {
    await put('a')
    await put('b')
    const answer = await s3().send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }, { Key: 'none' }] } }),
    )
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b', 'none'])
    expect(await keys()).toEqual([])
  })

  test('quietly, only errors are told', async () => {
    await put('a')
    const { Deleted, Errors } = await s3().send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Quiet: true, Objects: [{ Key: 'a' }, { Key: 'x'.repeat(1_025) }] },
      }),
    )
    expect(Deleted).toBeUndefined()
    expect(Errors).toMatchObject([{ Code: 'KeyTooLongError' }])
  })

  test('a thousand at most', async () => {
    const Objects = Array.from({ length: 1_001 }, (_, n) => ({ Key: String(n) }))
    expect(await refusal(s3().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })))).toBe('MalformedXML 400')
  })
})

describe('what is refused', () => {
  test('ACLs, unknown classes, redirects and too much metadata', async () => {
    expect(await refusal(put('k', '', { ACL: 'public-read' }))).toBe('AccessControlListNotSupported 400')
    expect(await refusal(put('k', '', { GrantRead: 'id=x' }))).toBe('AccessControlListNotSupported 400')
    expect(await refusal(put('k', '', { StorageClass: 'GLACIER' }))).toBe('NotImplemented 501')
    expect(await refusal(put('k', '', { WebsiteRedirectLocation: '/x' }))).toBe('NotImplemented 501')
    expect(await refusal(put('k', '', { Metadata: { a: 'x'.repeat(2_048) } }))).toBe('MetadataTooLarge 400')
    expect(await refusal(put('k', '', { Tagging: 'a=1&a=2' }))).toBe('InvalidTag 400')
    expect(await refusal(put('k', '', { Tagging: 'a=%' }))).toBe('InvalidArgument 400')
    expect(await keys()).toEqual([])
    expect(await stored()).toBe(0)
    await put('k', '', { ACL: 'bucket-owner-full-control', StorageClass: 'STANDARD_IA' })
    expect(await get('k')).toMatchObject({ StorageClass: 'STANDARD_IA' })
  })

  test('no bucket', async () => {
    const nowhere = { Bucket: 'nowhere', Key: 'k' }
    expect(await refusal(s3().send(new GetObjectCommand(nowhere)))).toBe('NoSuchBucket 404')
    expect(await refusal(s3().send(new PutObjectCommand(nowhere)))).toBe('NoSuchBucket 404')
    const error = (await s3()
      .send(new GetObjectCommand(nowhere))
      .catch((thrown: unknown) => thrown)) as object
    expect(error).toMatchObject({ BucketName: 'nowhere' })
  })
})
