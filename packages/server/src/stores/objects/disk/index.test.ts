import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveBack } from '#kernel/memory.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'
import { diskSync } from '#stores/objects/disk/write-blob.ts'
import { newBlobId } from '#stores/objects/object-store.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

const KEY = Buffer.alloc(32, 1)
let directory: string
let records: RecordStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'objects-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

/** More than a record holds. */
const CONTENT = 'a secret that must not show '.repeat(1_000)
async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text))
}

const kept = (id: string): string => join(directory, id.slice(0, 2), id)
const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

test('nobody is told before the disk has both the bytes and their name', async () => {
  const id = newBlobId()
  const steps: string[] = []
  const later = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
  }
  const slow = (step: string, run: () => Promise<void>) => async (): Promise<void> => {
    await later()
    await run()
    steps.push(step)
  }
  const store = await openDiskObjects({
    directory,
    records,
    sync: {
      file: (handle) =>
        slow(`file of ${String(statSync(join(directory, 'incoming', id)).size)} bytes`, () => diskSync.file(handle))(),
      folder: (path) => slow(`folder ${path}, named: ${String(exists(kept(id)))}`, () => diskSync.folder(path))(),
    },
  })
  await store.write(id, KEY, once(CONTENT))
  expect(steps.toSorted()).toEqual([
    `file of ${String(CONTENT.length + 16)} bytes`,
    `folder ${join(directory, id.slice(0, 2))}, named: true`,
  ])
})

test.each([
  { size: 0, isHeld: true },
  { size: 16_384, isHeld: true },
  { size: 16_385, isHeld: false },
])('of $size bytes it is $isHeld that they lie in their record and in no file', async ({ size, isHeld }) => {
  const store = await openDiskObjects({ directory, records })
  const { blob, record } = await store.write(newBlobId(), KEY, once('x'.repeat(size)))
  expect(blob.held).toBe(isHeld ? true : undefined)
  expect(Buffer.from(record.sealed ?? '', 'base64').length).toBe(isHeld && size > 0 ? size + 16 : 0)
  expect(exists(kept(blob.id))).toBe(!isHeld)
  expect(readdirSync(join(directory, 'incoming'))).toEqual(isHeld ? [] : [blob.id])
})

test.each(['file', 'folder'] as const)('when the %s cannot be synced nothing was stored', async (failing) => {
  const store = await openDiskObjects({
    directory,
    records,
    sync: { ...diskSync, [failing]: () => Promise.reject(new Error('the disk is gone')) },
  })
  const id = newBlobId()
  await expect(store.write(id, KEY, once(CONTENT))).rejects.toThrow('the disk is gone')
  expect(exists(kept(id))).toBe(false)
  expect(readdirSync(join(directory, 'incoming'))).toEqual([])
})

test('nothing readable is on the disk, and nobody but the owner may look', async () => {
  const store = await openDiskObjects({ directory, records })
  const { id } = (await store.write(newBlobId(), KEY, once(CONTENT))).blob
  expect(readFileSync(kept(id)).toString('latin1')).not.toContain('secret')
  const small = await store.write(newBlobId(), KEY, once('a secret'))
  expect(Buffer.from(small.record.sealed ?? '', 'base64').toString('latin1')).not.toContain('secret')
  expect(statSync(kept(id)).mode & 0o777).toBe(0o600)
  expect(statSync(join(directory, 'incoming')).mode & 0o777).toBe(0o700)
})

test.each(['../../etc/passwd', '', 'ABCDEF', `${'a'.repeat(31)}/`, 'a'.repeat(33)])(
  '%j is no name of a blob, so it never names a file',
  async (id) => {
    const store = await openDiskObjects({ directory, records })
    await expect(store.write(id, KEY, once('x'))).rejects.toThrow('is not the name of a blob')
    await expect(store.remove([id])).rejects.toThrow('is not the name of a blob')
  },
)

test('of two that write the same name the second is refused, and the first keeps it', async () => {
  const store = await openDiskObjects({ directory, records })
  const { blob } = await store.write(newBlobId(), KEY, once(CONTENT))
  await expect(store.write(blob.id, KEY, once(CONTENT))).rejects.toThrow('EEXIST')
  expect(exists(kept(blob.id))).toBe(true)
})

test('a long upload holds no more than two gathered writes', async () => {
  const store = await openDiskObjects({ directory, records })
  let pulled = 0
  const piece = Buffer.alloc(256 * 1024)
  const largest: number[] = []
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 256; n += 1) {
      pulled += piece.length
      const written = statSync(join(directory, 'incoming', id), { throwIfNoEntry: false })?.size ?? 0
      largest.push(pulled - written)
      yield await Promise.resolve(piece)
    }
  }
  const id = newBlobId()
  await store.write(id, KEY, source())
  expect(Math.max(...largest)).toBeLessThanOrEqual(2.5 * 1024 * 1024)
})

test('what was encrypted, and what was read from the disk, is not left to the collector', async () => {
  const store = await openDiskObjects({ directory, records })
  const piece = Buffer.alloc(256 * 1024)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const measure = (): void => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 256; n += 1) {
      yield await Promise.resolve(piece)
      measure()
    }
  }
  const { blob } = await store.write(newBlobId(), KEY, source())
  for await (const part of store.read({ ...blob, key: KEY })) {
    measure()
    giveBack(part)
  }
  expect(most).toBeLessThan(8 * 1024 * 1024)
})

test('a writer tells of each piece that it needs it no more', async () => {
  const store = await openDiskObjects({ directory, records })
  const spent: string[] = []
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (const text of ['one', 'two']) yield await Promise.resolve(Buffer.from(text))
  }
  const reading = pieces()
  const source = {
    [Symbol.asyncIterator]: () => reading,
    spent: (piece: Uint8Array) => void spent.push(Buffer.from(piece).toString()),
  }
  await store.write(newBlobId(), KEY, source)
  expect(spent).toEqual(['one', 'two'])
})
