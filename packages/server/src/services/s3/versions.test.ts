import { randomBytes } from 'node:crypto'
import {
  type BucketVersioningStatus,
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  DeleteObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { refusal, textOf, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const Key = 'k'

const versioning = (Status: BucketVersioningStatus) =>
  s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
const put = async (Body: string, key = Key): Promise<string | undefined> =>
  (await s3().send(new PutObjectCommand({ Bucket, Key: key, Body }))).VersionId
const read = async (VersionId?: string): Promise<string> =>
  textOf(await s3().send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) })))
const remove = (VersionId?: string) =>
  s3().send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }))
const stored = async (): Promise<number> => (await bench().storedBytes()).length

/** All versions as `key version latest`, markers with a `-`. */
async function listed(more: object = {}): Promise<readonly string[]> {
  const page = await s3().send(new ListObjectVersionsCommand({ Bucket, ...more }))
  const rows = [
    ...(page.Versions ?? []).map((version) => ({ ...version, mark: '+' })),
    ...(page.DeleteMarkers ?? []).map((marker) => ({ ...marker, mark: '-' })),
  ]
  return rows.map(
    ({ Key: key = '', VersionId = '', IsLatest, mark }) => `${mark}${key} ${VersionId} ${String(IsLatest)}`,
  )
}

test('a bucket has no versions until they are switched on, and cannot be rid of them', async () => {
  const status = async () => (await s3().send(new GetBucketVersioningCommand({ Bucket }))).Status
  expect(await status()).toBeUndefined()
  expect(await put('x')).toBeUndefined()
  expect(await listed()).toEqual(['+k null true'])
  await versioning('Enabled')
  expect(await status()).toBe('Enabled')
  await versioning('Suspended')
  expect(await status()).toBe('Suspended')
})

describe('with versions', () => {
  beforeEach(() => versioning('Enabled'))

  test('every write is kept, and can be read by its id', async () => {
    const one = await put('one')
    const two = await put('two')
    expect(one).toMatch(/^[0-9A-Za-z]{32}$/)
    expect(two).not.toBe(one)
    expect([await read(), await read(one), await read(two)]).toEqual(['two', 'one', 'two'])
    expect(await s3().send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ VersionId: two })
    expect(await listed()).toEqual([`+k ${two ?? ''} true`, `+k ${one ?? ''} false`])
  })

  test('deleting hides; removing the marker shows again', async () => {
    const one = await put('one')
    const { DeleteMarker, VersionId: marker } = await remove()
    expect(DeleteMarker).toBe(true)
    const error = await s3()
      .send(new GetObjectCommand({ Bucket, Key }))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'NoSuchKey' })
    const { headers } = (error as { readonly $response: { readonly headers: Record<string, string> } }).$response
    expect(headers).toMatchObject({ 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker })
    expect(await read(one)).toBe('one')
    expect(await refusal(read(marker))).toBe('MethodNotAllowed 405')
    expect((await s3().send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
    expect(await listed()).toEqual([`+k ${one ?? ''} false`, `-k ${marker ?? ''} true`])
    expect(await remove(marker)).toMatchObject({ DeleteMarker: true, VersionId: marker })
    expect(await read()).toBe('one')
  })

  test('a version goes for good, and the one before is current again', async () => {
    const one = await put('one')
    const two = await put('two')
    await remove(two)
    expect(await read()).toBe('one')
    expect(await refusal(read(two))).toBe('NoSuchVersion 404')
    await expect.poll(stored).toBe(1)
    await remove(one)
    expect(await refusal(read())).toBe('NoSuchKey 404')
    expect(await listed()).toEqual([])
    await expect.poll(stored).toBe(0)
  })

  test('what was there before is the version null, until another one takes its place', async () => {
    await versioning('Suspended')
    await put('null one')
    await versioning('Enabled')
    const two = await put('two')
    expect(await read('null')).toBe('null one')
    await versioning('Suspended')
    await put('null two')
    expect(await read()).toBe('null two')
    expect(await listed()).toEqual(['+k null true', `+k ${two ?? ''} false`])
    expect(await remove()).toMatchObject({ DeleteMarker: true, VersionId: 'null' })
    expect(await listed()).toEqual([`+k ${two ?? ''} false`, '-k null true'])
    await expect.poll(stored).toBe(1)
    await remove('null')
    expect(await read()).toBe('two')
  })

  test.each(['x', 'nulls', 'a'.repeat(33), '../..'])('%j is no version', async (id) => {
    await put('x')
    expect(await refusal(read(id))).toBe('InvalidArgument 400')
    expect(await refusal(remove(id))).toBe('InvalidArgument 400')
  })

  test('one that was made up is not there, and removing it is no error', async () => {
    await put('x')
    const id = 'A'.repeat(32)
    expect(await refusal(read(id))).toBe('NoSuchVersion 404')
    expect(await remove(id)).toMatchObject({ VersionId: id })
    expect(await read()).toBe('x')
  })

  test('an older version can be copied, onto itself as well', async () => {
    const one = await put('one')
    await put('two')
    await s3().send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${one ?? ''}` }))
    expect(await read()).toBe('one')
    expect(await listed()).toHaveLength(3)
  })

  test('deleting many makes markers, or removes versions', async () => {
    const one = await put('one')
    const answer = await s3().send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key, VersionId: one }] } }),
    )
    expect(answer.Deleted).toMatchObject([
      { Key, DeleteMarker: true },
      { Key, VersionId: one },
    ])
    const [marker = ''] = await listed()
    expect(marker).toMatch(/^-k \w+ true$/)
  })

  test('tags are a version’s own', async () => {
    const one = await put('one')
    await s3().send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } }))
    await put('two')
    const tags = async (VersionId?: string) =>
      (await s3().send(new GetObjectTaggingCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) })))
        .TagSet
    expect([await tags(), await tags(one)]).toEqual([[], [{ Key: 'a', Value: '1' }]])
    await s3().send(new DeleteObjectTaggingCommand({ Bucket, Key, VersionId: one }))
    expect(await tags(one)).toEqual([])
  })

  test('a bucket with a version or a marker is not empty', async () => {
    await put('x')
    await remove()
    expect(await refusal(s3().send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409')
  })

  test('all are listed page by page, whatever the size of a page', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c\u0001d', 'c']) for (const body of ['1', '2', '3']) await put(body, key)
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'b' }))
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'c' }))
    const whole = await s3().send(new ListObjectVersionsCommand({ Bucket, EncodingType: 'url' }))
    const order = (page: typeof whole): string[] =>
      [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
        ({ Key: key = '', VersionId = '', IsLatest }) => `${decodeURIComponent(key)} ${VersionId} ${String(IsLatest)}`,
      )
    for (const MaxKeys of [1, 2, 3, 7]) {
      const seen: string[] = []
      let marker: object = {}
      for (let n = 0; n < 30; n += 1) {
        const page = await s3().send(new ListObjectVersionsCommand({ Bucket, EncodingType: 'url', MaxKeys, ...marker }))
        seen.push(...order(page))
        if (page.IsTruncated !== true) break
        marker = {
          KeyMarker: decodeURIComponent(page.NextKeyMarker ?? ''),
          VersionIdMarker: page.NextVersionIdMarker,
        }
      }
      expect(seen.toSorted()).toEqual(order(whole).toSorted())
      expect(seen).toHaveLength(17)
    }
    const folders = await s3().send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/', Prefix: 'a' }))
    expect(folders).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/' }] })
    expect(folders.Versions).toBeUndefined()
  })
})

type Step = 'put' | 'hide' | 'remove oldest' | 'remove newest' | 'remove null' | 'Enabled' | 'Suspended'
const STEPS: readonly Step[] = [
  'put',
  'put',
  'hide',
  'remove oldest',
  'remove newest',
  'remove null',
  'Enabled',
  'Suspended',
]

test('whatever is done in whatever order, the versions are what a simple model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 14 }), async (steps) => {
      const key = `k-${randomBytes(6).toString('hex')}`
      /** Newest first. */
      let model: { id: string; body: string | undefined }[] = []
      let status: string | undefined = (await s3().send(new GetBucketVersioningCommand({ Bucket }))).Status
      for (const [n, step] of steps.entries()) {
        if (step === 'Enabled' || step === 'Suspended') {
          await versioning(step)
          status = step
        } else if (step === 'put') {
          const id = (await put(`body ${String(n)}`, key)) ?? 'null'
          model = [{ id, body: `body ${String(n)}` }, ...model.filter((one) => one.id !== id || id !== 'null')]
        } else if (step === 'hide') {
          const { VersionId } = await s3().send(new DeleteObjectCommand({ Bucket, Key: key }))
          if (status === undefined) model = []
          else
            model = [
              { id: VersionId ?? '?', body: undefined },
              ...model.filter((one) => one.id !== VersionId || VersionId !== 'null'),
            ]
        } else {
          const id = step === 'remove null' ? 'null' : (step === 'remove oldest' ? model.at(-1) : model[0])?.id
          if (id === undefined) continue
          await s3().send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: id }))
          model = model.filter((one) => one.id !== id)
        }
        const found = await listed({ Prefix: key })
        const wanted = model.map(
          ({ id, body }, index) => `${body === undefined ? '-' : '+'}${key} ${id} ${String(index === 0)}`,
        )
        expect(found.toSorted()).toEqual(wanted.toSorted())
        const shown = await s3()
          .send(new GetObjectCommand({ Bucket, Key: key }))
          .then(textOf, () => undefined)
        expect(shown).toBe(model[0]?.body)
      }
    }),
    { seed: 11, numRuns: 12 },
  )
})
