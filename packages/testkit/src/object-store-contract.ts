import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlobCorrupt, type BlobId, type ObjectStore, newBlobId } from '../../server/src/stores/objects/object-store.ts'

/** One place that can hold an object store: opened again, it shows what was written. */
export interface ObjectStoreHome {
  open(): Promise<ObjectStore>
  /** How many bytes are kept in all, under whatever names. */
  usedBytes(): number
  /** Changes one stored byte of a blob. */
  damage(id: BlobId, at: number): void
  /** Takes the last stored byte of a blob away. */
  cut(id: BlobId): void
  remove(): void | Promise<void>
}

const KEY = Buffer.alloc(32, 7)
const nothing = (): Promise<boolean> => Promise.resolve(false)

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
  const write = async (store: ObjectStore, bytes: Uint8Array, sizes = [10_000]) => {
    const blob = await store.write(newBlobId(), KEY, inPieces(bytes, sizes))
    await store.settle([blob.id])
    return blob
  }

  rule('bytes of any size, in pieces of any size, are read back whole and in ranges', async (store) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200_000 }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (size, sizes, one, other) => {
          const bytes = randomBytes(size)
          const blob = await write(store, bytes, sizes)
          expect(blob.length).toBe(size)
          expect((await collect(store.read({ ...blob, key: KEY }))).equals(bytes)).toBe(true)
          const [from = 0, to = 0] = [Math.floor(one * size), Math.floor(other * size)].toSorted((a, b) => a - b)
          const range = await collect(store.read({ ...blob, key: KEY, from, to }))
          expect(range.equals(bytes.subarray(from, to))).toBe(true)
        },
      ),
      {
        seed: 5,
        numRuns: 25,
        examples: [
          [65_536, [65_536], 0, 1],
          [131_072, [1_000], 0.5, 1],
          [0, [1], 0, 0],
        ],
      },
    )
  })

  rule('what is stored is not what was written: it is encrypted, and another key reads nothing', async (store) => {
    const blob = await write(store, Buffer.alloc(100_000, 'secret '))
    await expect(collect(store.read({ ...blob, key: Buffer.alloc(32, 8) }))).rejects.toBeInstanceOf(BlobCorrupt)
  })

  rule('a changed byte breaks the read before any of its block is given', async (store, home) => {
    const bytes = randomBytes(200_000)
    for (const at of [0, 65_536, 70_000, 199_999]) {
      const blob = await write(store, bytes)
      home.damage(blob.id, at)
      const given: Uint8Array[] = []
      const read = async (): Promise<void> => {
        for await (const part of store.read({ ...blob, key: KEY })) given.push(part)
      }
      await expect(read()).rejects.toBeInstanceOf(BlobCorrupt)
      const got = Buffer.concat(given)
      expect(got.equals(bytes.subarray(0, got.length))).toBe(true)
      expect(got.length).toBeLessThanOrEqual(at)
    }
  })

  rule('a range does not vouch for what it does not touch, and breaks where it does', async (store, home) => {
    const bytes = randomBytes(200_000)
    const blob = await write(store, bytes)
    home.damage(blob.id, 150_000)
    expect((await collect(store.read({ ...blob, key: KEY, from: 10, to: 20 }))).equals(bytes.subarray(10, 20))).toBe(
      true,
    )
    await expect(collect(store.read({ ...blob, key: KEY, from: 150_000, to: 150_010 }))).rejects.toThrow('damaged')
  })

  rule('a blob that was cut, or is not there, is damaged', async (store, home) => {
    const blob = await write(store, randomBytes(70_000))
    home.cut(blob.id)
    await expect(collect(store.read({ ...blob, key: KEY, to: 10 }))).rejects.toBeInstanceOf(BlobCorrupt)
    const missing = { id: newBlobId(), length: 5, key: KEY }
    await expect(collect(store.read(missing))).rejects.toBeInstanceOf(BlobCorrupt)
  })

  rule('a source that fails leaves nothing behind', async (store, home) => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* inPieces(randomBytes(3_000_000), [50_000])
      throw new Error('the client went away')
    }
    const before = home.usedBytes()
    await expect(store.write(newBlobId(), KEY, failing())).rejects.toThrow('the client went away')
    expect(home.usedBytes()).toBe(before)
  })

  rule('what was not settled goes with the next start, unless a record refers to it', async (store, home) => {
    const kept = await store.write(newBlobId(), KEY, inPieces(Buffer.from('kept'), [4]))
    const orphan = await store.write(newBlobId(), KEY, inPieces(Buffer.from('orphan'), [6]))
    const settled = await write(store, Buffer.from('settled'))
    const next = await home.open()
    await next.recover((id) => Promise.resolve(id === kept.id))
    expect((await collect(next.read({ ...kept, key: KEY }))).toString()).toBe('kept')
    expect((await collect(next.read({ ...settled, key: KEY }))).toString()).toBe('settled')
    await expect(collect(next.read({ ...orphan, key: KEY }))).rejects.toBeInstanceOf(BlobCorrupt)
    await next.recover(nothing)
    expect((await collect(next.read({ ...kept, key: KEY }))).toString()).toBe('kept')
  })

  rule('removing gives the space back, and what is not there is no error', async (store, home) => {
    const before = home.usedBytes()
    const blob = await write(store, randomBytes(500_000))
    expect(home.usedBytes()).toBeGreaterThan(before + 500_000)
    await store.remove([blob.id, newBlobId()])
    expect(home.usedBytes()).toBe(before)
  })

  rule('what is pinned stays readable until the last one lets go', async (store, home) => {
    const before = home.usedBytes()
    const bytes = randomBytes(10_000)
    const blob = await write(store, bytes)
    const first = store.pin([blob.id])
    const second = store.pin([blob.id])
    await store.remove([blob.id])
    first()
    first()
    expect((await collect(store.read({ ...blob, key: KEY }))).equals(bytes)).toBe(true)
    second()
    await expect.poll(() => home.usedBytes()).toBe(before)
  })

  rule('who stops reading lets go, and many can read at once', async (store) => {
    const bytes = randomBytes(300_000)
    const blob = await write(store, bytes)
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
