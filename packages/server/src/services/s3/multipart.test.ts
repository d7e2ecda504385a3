import { createHash, randomBytes } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { bytesOf, refusal, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const MEBIBYTE = 1_048_576
const Key = 'big/object'

const begin = async (more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> => {
  const { UploadId = '' } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))
  return UploadId
}
const part = (UploadId: string, PartNumber: number, Body: Uint8Array | string, more: object = {}) =>
  s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }))
const complete = (UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  s3().send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }))
const stored = async (): Promise<number> => (await bench().storedBytes()).length

/** Two parts and what they make. */
async function twoParts(more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const bytes = [randomBytes(5 * MEBIBYTE), randomBytes(1_000)] as const
  const UploadId = await begin(more)
  const sent = await Promise.all(bytes.map((body, index) => part(UploadId, index + 1, body, pick(more))))
  const Parts = sent.map((answer, index) => ({ ...checksumsOf(answer), ETag: answer.ETag, PartNumber: index + 1 }))
  return { bytes, whole: Buffer.concat(bytes), UploadId, Parts }
}
const pick = ({ ChecksumAlgorithm }: Partial<CreateMultipartUploadCommandInput>): object =>
  ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm }
const checksumsOf = (answer: object): object =>
  Object.fromEntries(Object.entries(answer).filter(([name]) => name.startsWith('Checksum')))

test('parts make an object, in the order of their numbers', async () => {
  const { bytes, whole, UploadId, Parts } = await twoParts({ ContentType: 'x/y', Metadata: { a: '1' }, Tagging: 't=1' })
  const done = await complete(UploadId, Parts)
  const md5s = bytes.map((body) => createHash('md5').update(body).digest())
  expect(done).toMatchObject({
    Bucket,
    Key,
    ETag: `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`,
  })
  const got = await s3().send(new GetObjectCommand({ Bucket, Key }))
  expect(got).toMatchObject({ ContentType: 'x/y', Metadata: { a: '1' }, TagCount: 1, ContentLength: whole.length })
  expect((await bytesOf(got)).equals(whole)).toBe(true)
  const middle = await s3().send(
    new GetObjectCommand({ Bucket, Key, Range: `bytes=${String(5 * MEBIBYTE - 10)}-${String(5 * MEBIBYTE + 9)}` }),
  )
  expect((await bytesOf(middle)).equals(whole.subarray(5 * MEBIBYTE - 10, 5 * MEBIBYTE + 10))).toBe(true)
  const second = await s3().send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }))
  expect(second).toMatchObject({ PartsCount: 2, ContentLength: 1_000, $metadata: { httpStatusCode: 206 } })
  expect((await bytesOf(second)).equals(bytes[1])).toBe(true)
  expect(await refusal(complete(UploadId, Parts))).toBe('NoSuchUpload 404')
  await s3().send(new DeleteObjectCommand({ Bucket, Key }))
  await expect.poll(stored).toBe(0)
})

describe('checksums of the whole', () => {
  test('composite ones are of the parts', async () => {
    const { bytes, UploadId, Parts } = await twoParts({ ChecksumAlgorithm: 'SHA256' })
    const { ChecksumSHA256, ChecksumType } = await complete(UploadId, Parts)
    const digests = bytes.map((body) => createHash('sha256').update(body).digest())
    expect([ChecksumSHA256, ChecksumType]).toEqual([
      `${createHash('sha256').update(Buffer.concat(digests)).digest('base64')}-2`,
      'COMPOSITE',
    ])
    const attributes = await s3().send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['ObjectParts', 'Checksum'], MaxParts: 1 }),
    )
    expect(attributes.ObjectParts).toMatchObject({
      TotalPartsCount: 2,
      IsTruncated: true,
      NextPartNumberMarker: '1',
      Parts: [{ PartNumber: 1, Size: 5 * MEBIBYTE, ChecksumSHA256: digests[0]?.toString('base64') }],
    })
  })

  test.each([
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
  ] as const)('%s of the whole object is what one upload of it has', async (ChecksumAlgorithm, ChecksumType) => {
    const { whole, UploadId, Parts } = await twoParts({ ChecksumAlgorithm, ChecksumType })
    const done = await complete(UploadId, Parts)
    const single = await s3().send(new PutObjectCommand({ Bucket, Key: 'single', Body: whole, ChecksumAlgorithm }))
    expect(done[`Checksum${ChecksumAlgorithm}`]).toBe(single[`Checksum${ChecksumAlgorithm}`])
    expect(done.ChecksumType).toBe('FULL_OBJECT')
  })

  test('what cannot be is refused', async () => {
    expect(await refusal(begin({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }))).toBe(
      'InvalidRequest 400',
    )
    expect(await refusal(begin({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }))).toBe(
      'InvalidRequest 400',
    )
    expect(await refusal(begin({ ChecksumType: 'FULL_OBJECT' }))).toMatch(/InvalidRequest 400|nothing was refused/)
    const UploadId = await begin({ ChecksumAlgorithm: 'SHA256' })
    expect(await refusal(part(UploadId, 1, 'x', { ChecksumAlgorithm: 'SHA1' }))).toBe('InvalidRequest 400')
    expect(await stored()).toBe(0)
  })

  test('a wrong one of the whole completes nothing', async () => {
    const { UploadId, Parts } = await twoParts({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' })
    expect(await refusal(complete(UploadId, Parts, { ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' }))).toBe(
      'BadDigest 400',
    )
    expect(await refusal(s3().send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound 404')
    await complete(UploadId, Parts)
  })
})

describe('completing', () => {
  test.each([
    ['no parts', () => [], 'MalformedXML 400'],
    ['parts out of order', (parts: CompletedPart[]) => parts.toReversed(), 'InvalidPartOrder 400'],
    ['a part twice', ([one = {}]: CompletedPart[]) => [one, one], 'InvalidPartOrder 400'],
    [
      'a part that is not there',
      (parts: CompletedPart[]) => [...parts, { PartNumber: 9, ETag: '"x"' }],
      'InvalidPart 400',
    ],
    [
      'another ETag',
      ([one]: CompletedPart[]) => [{ ...one, ETag: '"00000000000000000000000000000000"' }],
      'InvalidPart 400',
    ],
  ] as const)('%s: nothing is made, and the upload goes on', async (_, change, expected) => {
    const { UploadId, Parts } = await twoParts()
    expect(await refusal(complete(UploadId, [...change(Parts)]))).toBe(expected)
    await complete(UploadId, Parts)
  })

  test('all but the last part have five mebibytes at least', async () => {
    const UploadId = await begin()
    const one = await part(UploadId, 1, 'small')
    const two = await part(UploadId, 2, 'small too')
    const Parts = [one, two].map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }))
    expect(await refusal(complete(UploadId, Parts))).toBe('EntityTooSmall 400')
    await complete(UploadId, Parts.slice(1))
    expect((await bytesOf(await s3().send(new GetObjectCommand({ Bucket, Key })))).toString()).toBe('small too')
    await expect.poll(stored).toBe(1)
  })

  test('only where there is none, and as large as was said', async () => {
    const { UploadId, Parts } = await twoParts()
    await s3().send(new PutObjectCommand({ Bucket, Key, Body: 'first' }))
    expect(await refusal(complete(UploadId, Parts, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412')
    expect(await refusal(complete(UploadId, Parts, { MpuObjectSize: 7 }))).toBe('InvalidRequest 400')
    await complete(UploadId, Parts, { MpuObjectSize: 5 * MEBIBYTE + 1_000 })
  })

  test('of two at once one is an object, and the other finds no upload', async () => {
    const { UploadId, Parts } = await twoParts()
    const both = await Promise.all([refusal(complete(UploadId, Parts)), refusal(complete(UploadId, Parts))])
    expect(both.toSorted()).toEqual(['NoSuchUpload 404', 'nothing was refused'])
  })
})

describe('parts', () => {
  test('the later one of a number counts, and the bytes of the other go', async () => {
    const UploadId = await begin()
    await part(UploadId, 1, 'first')
    const { ETag } = await part(UploadId, 1, 'second')
    await expect.poll(stored).toBe(1)
    await complete(UploadId, [{ PartNumber: 1, ETag }])
    expect((await bytesOf(await s3().send(new GetObjectCommand({ Bucket, Key })))).toString()).toBe('second')
  })

  test.each([0, 10_001])('%i is no number of a part', async (number) => {
    const UploadId = await begin()
    expect(await refusal(part(UploadId, number, 'x'))).toBe('InvalidArgument 400')
  })

  test('they are listed by number, page by page', async () => {
    const UploadId = await begin()
    for (const number of [3, 1, 2]) await part(UploadId, number, 'x'.repeat(number))
    const page = await s3().send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }))
    expect(page).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '2',
      Parts: [{ PartNumber: 1, Size: 1 }, { PartNumber: 2 }],
    })
    const rest = await s3().send(
      new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: page.NextPartNumberMarker ?? '' }),
    )
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3, Size: 3 }] })
  })

  test('one can be made of another object, or a range of it', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'abcdefghij' }))
    const UploadId = await begin()
    const copy = (PartNumber: number, more: object) =>
      s3().send(
        new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/source`, ...more }),
      )
    expect(await refusal(copy(1, { CopySourceRange: 'bytes=5-100' }))).toBe('InvalidArgument 400')
    expect(await refusal(copy(1, { CopySourceRange: '5-7' }))).toBe('InvalidArgument 400')
    const { CopyPartResult } = await copy(1, { CopySourceRange: 'bytes=2-4' })
    await complete(UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }])
    expect((await bytesOf(await s3().send(new GetObjectCommand({ Bucket, Key })))).toString()).toBe('cde')
  })
})

describe('uploads', () => {
  test('what is aborted is gone with its parts', async () => {
    const { UploadId, Parts } = await twoParts()
    await s3().send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    await expect.poll(stored).toBe(0)
    expect(await refusal(part(UploadId, 1, 'x'))).toBe('NoSuchUpload 404')
    expect(await refusal(complete(UploadId, Parts))).toBe('NoSuchUpload 404')
    expect(await refusal(s3().send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })))).toBe(
      'NoSuchUpload 404',
    )
    await expect.poll(stored).toBe(0)
  })

  test('they are listed by key and time, with common prefixes, page by page', async () => {
    const ids: string[] = []
    for (const key of ['a/1', 'a/2', 'b', 'b', 'c']) {
      const { UploadId = '' } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key: key }))
      ids.push(UploadId)
      bench().gateway.iam.clock.at += 1_000
    }
    const all = await s3().send(new ListMultipartUploadsCommand({ Bucket }))
    expect(all.Uploads?.map(({ UploadId }) => UploadId)).toEqual(ids)
    const folders = await s3().send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }))
    expect(folders).toMatchObject({
      CommonPrefixes: [{ Prefix: 'a/' }],
      Uploads: [{ Key: 'b' }, { Key: 'b' }, { Key: 'c' }],
    })
    const seen: string[] = []
    let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
    for (let n = 0; n < 9; n += 1) {
      const page = await s3().send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1, ...marker }))
      seen.push(...(page.Uploads ?? []).map(({ UploadId = '' }) => UploadId))
      if (page.IsTruncated !== true) break
      marker = { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' }
    }
    expect(seen).toEqual(ids)
  })

  test.each(['x', '', '../../x', 'a'.repeat(55)])('%j is no upload', async (UploadId) => {
    expect(await refusal(s3().send(new ListPartsCommand({ Bucket, Key, UploadId: UploadId || ' ' })))).toBe(
      'NoSuchUpload 404',
    )
  })
})
