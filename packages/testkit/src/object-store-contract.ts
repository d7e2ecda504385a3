import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blobKept, blobKey } from '../../server/src/stores/objects/blob-record.ts'
import {
  type Blob,
  BlobCorrupt,
  type BlobId,
  type ObjectStore,
  newBlobId,
} from '../../server/src/stores/objects/object-store.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'

/** One place that can hold an object store: opened again, it shows what was written. */
export interface ObjectStoreHome {
  open(): Promise<ObjectStore>
  /** Where blobs have their records. */
  readonly records: RecordStore
  /** How many bytes are kept in all, under whatever names. */
  usedBytes(): Promise<number>
  /** Changes one stored byte of a blob. */
  damage(blob: Blob, at: number): Promise<void>
  /** Takes the last stored byte of a blob away. */
  cut(blob: Blob): Promise<void>
  remove(): void | Promise<void>
}

const KEY = Buffer.alloc(32, 7)
/** Contents that the store may keep in different ways. */
const SMALL = 300
const LARGE = 200_000

/** Bytes in pieces of the sizes given, over and over. */
async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0
  for (let n = 0; from < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? bytes.length
    yield await Promise.resolve(bytes.subarray(from, from + size))
    from += size
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts)
}

/** What every object store must do. Called once by each implementation's tests. */
export function objectStoreContract(name: string, makeHome: () => ObjectStoreHome): void {
  const rule = (text: string, prove: (store: ObjectStore, home: ObjectStoreHome) => Promise<void>): void => {
    test(`${name}: ${text}`, async () => {
      const home = makeHome()
      try {
        await prove(await home.open(), home)
      } finally {
        await home.remove()
      }
    })
  }
  /** Written, and referred to. */
  const keep = async (
    store: ObjectStore,
    { records }: ObjectStoreHome,
    bytes: Uint8Array,
    sizes = [10_000],
  ): Promise<Blob> => {
    const written = await store.write(newBlobId(), KEY, inPieces(bytes, sizes))
    await records.commit([blobKept(written)])
    return written.blob
  }
  const write = async (...given: Parameters<typeof keep>): Promise<Blob> => {
    const blob = await keep(...given)
    await given[0].settle([blob])
    return blob
  }
  const remove = async (store: ObjectStore, { records }: ObjectStoreHome, ids: readonly BlobId[]): Promise<void> => {
    await store.remove(ids)
    await records.commit(ids.map((id) => ({ kind: 'delete', key: blobKey(id) })))
  }

  rule('bytes of any size, in pieces of any size, are read back whole and in ranges', async (store, home) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200_000 }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (size, sizes, one, other) => {
          const bytes = randomBytes(size)
          const blob = await write(store, home, bytes, sizes)
          expect(blob.length).toBe(size)
          expect((await collect(store.read({ ...blob, key: KEY }))).equals(bytes)).toBe(true)
          const [from = 0, to = 0] = [Math.floor(one * size), Math.floor(other * size)].toSorted((a, b) => a - b)
          const range = await collect(store.read({ ...blob, key: KEY, from, to }))
          expect(range.equals(bytes.subarray(from, to))).toBe(true)
          if (blob.held !== true) return
          expect(range.equals(await store.readHeld({ ...blob, key: KEY, from, to }))).toBe(true)
        },
      ),
      {
        seed: 5,
        numRuns: 25,
        examples: [
          [65_536, [65_536], 0, 1],
          [131_072, [1_000], 0.5, 1],
          [0, [1], 0, 0],
          [SMALL, [100], 0.2, 0.7],
        ],
      },
    )
  })

  rule(
    'what is stored is not what was written: it is encrypted, and another key reads nothing',
    async (store, home) => {
      for (const size of [SMALL, LARGE]) {
        const blob = await write(store, home, Buffer.alloc(size, 'secret '))
        await expect(collect(store.read({ ...blob, key: Buffer.alloc(32, 8) }))).rejects.toBeInstanceOf(BlobCorrupt)
      }
    },
  )

  rule('a changed byte breaks the read before any of its block is given', async (store, home) => {
    for (const [size, ...places] of [
      [SMALL, 0, 299],
      [LARGE, 0, 65_536, 70_000, 199_999],
    ] as const) {
      const bytes = randomBytes(size)
      for (const at of places) {
        const blob = await write(store, home, bytes)
        await home.damage(blob, at)
        const given: Uint8Array[] = []
        const read = async (): Promise<void> => {
          for await (const part of store.read({ ...blob, key: KEY })) given.push(part)
        }
        await expect(read()).rejects.toBeInstanceOf(BlobCorrupt)
        const got = Buffer.concat(given)
        expect(got.equals(bytes.subarray(0, got.length))).toBe(true)
        expect(got.length).toBeLessThanOrEqual(at)
      }
    }
  })

  rule('a range does not vouch for what it does not touch, and breaks where it does', async (store, home) => {
    const bytes = randomBytes(LARGE)
    const blob = await write(store, home, bytes)
    await home.damage(blob, 150_000)
    expect((await collect(store.read({ ...blob, key: KEY, from: 10, to: 20 }))).equals(bytes.subarray(10, 20))).toBe(
      true,
    )
    await expect(collect(store.read({ ...blob, key: KEY, from: 150_000, to: 150_010 }))).rejects.toThrow('damaged')
  })

  rule('a blob that was cut, or is not there, is damaged', async (store, home) => {
    for (const size of [SMALL, LARGE]) {
      const blob = await write(store, home, randomBytes(size))
      await home.cut(blob)
      await expect(collect(store.read({ ...blob, key: KEY, to: 10 }))).rejects.toBeInstanceOf(BlobCorrupt)
      const missing = { ...blob, id: newBlobId(), key: KEY }
      await expect(collect(store.read(missing))).rejects.toBeInstanceOf(BlobCorrupt)
    }
  })

  rule('a source that fails leaves nothing behind', async (store, home) => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* inPieces(randomBytes(3_000_000), [50_000])
      throw new Error('the client went away')
    }
    const before = await home.usedBytes()
    await expect(store.write(newBlobId(), KEY, failing())).rejects.toThrow('the client went away')
    expect(await home.usedBytes()).toBe(before)
  })

  rule('what was not settled goes with the next start, unless it has a record', async (store, home) => {
    for (const size of [SMALL, LARGE]) {
      const before = await home.usedBytes()
      const bytes = randomBytes(size)
      const kept = await keep(store, home, bytes)
      const orphan = await store.write(newBlobId(), KEY, inPieces(randomBytes(size), [10_000]))
      const settled = await write(store, home, bytes)
      const next = await home.open()
      for (let start = 0; start < 2; start += 1) {
        await next.recover()
        expect((await collect(next.read({ ...kept, key: KEY }))).equals(bytes)).toBe(true)
        expect((await collect(next.read({ ...settled, key: KEY }))).equals(bytes)).toBe(true)
        await expect(collect(next.read({ ...orphan.blob, key: KEY }))).rejects.toBeInstanceOf(BlobCorrupt)
      }
      await remove(next, home, [kept.id, settled.id])
      expect(await home.usedBytes()).toBe(before)
    }
  })

  rule('removing gives the space back, and what is not there is no error', async (store, home) => {
    for (const size of [SMALL, LARGE]) {
      const before = await home.usedBytes()
      const blob = await write(store, home, randomBytes(size))
      expect(await home.usedBytes()).toBeGreaterThan(before + size)
      await remove(store, home, [blob.id, newBlobId()])
      expect(await home.usedBytes()).toBe(before)
    }
  })

  rule('what is read stays readable until the last one lets go', async (store, home) => {
    for (const size of [SMALL, LARGE]) {
      const before = await home.usedBytes()
      const bytes = randomBytes(size)
      const blob = await write(store, home, bytes)
      const [first, second] = [store.begin(), store.begin()]
      second.of([blob.id])
      const removed = remove(store, home, [blob.id])
      first.of([blob.id])
      first.end()
      first.end()
      expect((await collect(store.read({ ...blob, key: KEY }))).equals(bytes)).toBe(true)
      second.end()
      await removed
      expect(await home.usedBytes()).toBe(before)
    }
  })

  rule('who stops reading lets go, and many can read at once', async (store, home) => {
    const bytes = randomBytes(300_000)
    const blob = await write(store, home, bytes)
    for (let n = 0; n < 50; n += 1) {
      for await (const part of store.read({ ...blob, key: KEY })) {
        expect(part.length).toBeGreaterThan(0)
        break
      }
    }
    const all = await Promise.all(Array.from({ length: 20 }, () => collect(store.read({ ...blob, key: KEY }))))
    expect(all.every((one) => one.equals(bytes))).toBe(true)
  })
}
