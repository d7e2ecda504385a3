import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { currentKey } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { compareUtf8 } from '#stores/records/utf8-order.ts'
import { refusal, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')

/** Objects as records alone: lists read nothing else. */
async function fill(keys: readonly string[]): Promise<void> {
  const { records } = bench().deps
  const bucket = await records.get<{ readonly id: string }>({
    collection: 's3.bucket',
    account: 'all',
    region: 'aws-global',
    id: Bucket,
  })
  const id = bucket?.value.id ?? ''
  const object = (key: string): ObjectVersion => ({
    kind: 'object',
    key,
    versionId: 'null',
    seq: 1,
    modified: 1_000,
    size: 1,
    etag: 'e',
    headers: {},
    metadata: {},
    body: { kind: 'blob', blob: { id: 'x', length: 1 } },
    encryption: { kind: 'AES256', sealed: '' },
  })
  await records.commit(keys.map((key) => ({ kind: 'put', key: currentKey(id, key), value: object(key) })))
}

/** All pages of a list: keys as they are, common prefixes with a star. */
async function pages(more: Partial<ListObjectsV2CommandInput> = {}): Promise<readonly (readonly string[])[]> {
  const read: string[][] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3().send(
      new ListObjectsV2Command({ Bucket, ...more, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }),
    )
    read.push([
      ...(page.Contents ?? []).map(({ Key = '' }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => `*${Prefix}`),
    ])
    expect(page.KeyCount).toBe(read.at(-1)?.length)
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined && read.length < 50)
  return read
}

test('a thousand keys make a page, and the rest the next ones', async () => {
  const keys = Array.from({ length: 2_500 }, (_, n) => `key/${String(n).padStart(5, '0')}`)
  await fill(keys)
  const read = await pages()
  expect(read.map((page) => page.length)).toEqual([1_000, 1_000, 500])
  expect(read.flat()).toEqual(keys)
  expect((await pages({ MaxKeys: 5_000 }))[0]).toHaveLength(1_000)
})

describe('with folders', () => {
  beforeEach(() => fill(['a', 'a/1', 'a/2', 'a/b/3', 'b/', 'b/1', 'c', 'd/e/f/g']))

  test('what a delimiter makes of them', async () => {
    expect(await pages({ Delimiter: '/' })).toEqual([['a', 'c', '*a/', '*b/', '*d/']])
    expect(await pages({ Delimiter: '/', Prefix: 'a/' })).toEqual([['a/1', 'a/2', '*a/b/']])
    expect(await pages({ Delimiter: '/', Prefix: 'd/e/' })).toEqual([['*d/e/f/']])
    expect(await pages({ Prefix: 'a/' })).toEqual([['a/1', 'a/2', 'a/b/3']])
    expect(await pages({ Prefix: 'none' })).toEqual([[]])
  })

  test('a common prefix counts as one, and is told once', async () => {
    expect((await pages({ Delimiter: '/', MaxKeys: 1 })).flat()).toEqual(['a', '*a/', '*b/', 'c', '*d/'])
    expect((await pages({ Delimiter: '/', MaxKeys: 2 })).map((page) => page.length)).toEqual([2, 2, 1])
  })

  test('a list may start after any key, also within a folder', async () => {
    expect(await pages({ StartAfter: 'a/2' })).toEqual([['a/b/3', 'b/', 'b/1', 'c', 'd/e/f/g']])
    expect(await pages({ StartAfter: 'a/1', Delimiter: '/' })).toEqual([['c', '*a/', '*b/', '*d/']])
    expect(await pages({ StartAfter: 'zzz' })).toEqual([[]])
  })

  test('nothing at all may be asked for', async () => {
    expect(await s3().send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    })
    expect(await refusal(s3().send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 })))).toBe('InvalidArgument 400')
  })

  test('tokens are for their own list only', async () => {
    const { NextContinuationToken: ContinuationToken } = await s3().send(
      new ListObjectsV2Command({ Bucket, MaxKeys: 1 }),
    )
    expect(await refusal(s3().send(new ListObjectsV2Command({ Bucket, ContinuationToken, Prefix: 'a' })))).toBe(
      'InvalidArgument 400',
    )
    expect(await refusal(s3().send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'made-up' })))).toBe(
      'InvalidArgument 400',
    )
  })

  test('the older operation goes on by marker', async () => {
    const first = await s3().send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, Contents: [{ Key: 'a' }, { Key: 'a/1', Owner: {} }] })
    expect(first.NextMarker).toBeUndefined()
    const second = await s3().send(new ListObjectsCommand({ Bucket, Marker: 'a/1', MaxKeys: 1 }))
    expect(second.Contents).toMatchObject([{ Key: 'a/2' }])
    const folders = await s3().send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
    expect(folders).toMatchObject({ NextMarker: 'a/', CommonPrefixes: [{ Prefix: 'a/' }] })
    const rest = await s3().send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'a/' }))
    expect(rest).toMatchObject({
      IsTruncated: false,
      CommonPrefixes: [{ Prefix: 'b/' }, { Prefix: 'd/' }],
      Contents: [{ Key: 'c' }],
    })
  })
})

test('a list reads what it tells and jumps over the rest', async () => {
  await fill(Array.from({ length: 3_000 }, (_, n) => `folder-${String(n % 3)}/${String(n)}`))
  const { records } = bench().deps
  let rows = 0
  const list = records.list.bind(records)
  records.list = async (...asked) => {
    const found = await list<never>(...asked)
    rows += found.length
    return found
  }
  expect((await pages({ Delimiter: '/' }))[0]).toEqual(['*folder-0/', '*folder-1/', '*folder-2/'])
  expect(rows).toBeLessThan(40)
})

test('whatever the keys, pages of any size tell what a simple model tells', async () => {
  const char = fc.constantFrom('a', 'b', '/', '/', ' ', '\u0001', 'é', '\u{1f980}', '\u{10FFFF}', '%', '+')
  const key = fc.array(char, { minLength: 1, maxLength: 6 }).map((chars) => chars.join(''))
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { minLength: 1, maxLength: 25 }),
      fc.constantFrom('', '/', 'a', '//'),
      fc.constantFrom('', 'a', 'a/', '/'),
      fc.integer({ min: 1, max: 7 }),
      async (keys, Delimiter, Prefix, MaxKeys) => {
        const { records } = bench().deps
        const all = await records.listAll<ObjectVersion>('s3.object')
        await records.commit(all.map(({ key: at }) => ({ kind: 'delete', key: at })))
        await fill(keys)
        const told = new Set<string>()
        for (const one of keys.toSorted(compareUtf8)) {
          if (!one.startsWith(Prefix)) continue
          const at = Delimiter === '' ? -1 : one.indexOf(Delimiter, Prefix.length)
          told.add(at < 0 ? one : `*${one.slice(0, at + Delimiter.length)}`)
        }
        const asked = { Prefix, MaxKeys, EncodingType: 'url' as const, ...(Delimiter === '' ? {} : { Delimiter }) }
        const read = (await pages(asked)).flat().map((text) => decodeURIComponent(text))
        expect(read.toSorted(compareUtf8)).toEqual([...told].toSorted(compareUtf8))
      },
    ),
    { seed: 3, numRuns: 60 },
  )
})
