import { constants, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { diskSegmentFiles, firstSeqIn, segmentName } from './segment-file.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'segment-file-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

/** What every file handle has in common; watching it is the only way to see a sync. */
async function handles(): Promise<FileHandle> {
  const probe = await open(directory, 'r')
  await probe.close()
  return Object.getPrototypeOf(probe) as FileHandle
}

test('names are in the order of their seqs, and other names are no segments', () => {
  const seqs = [1, 16_384, 2 ** 40, Number.MAX_SAFE_INTEGER]
  const names = seqs.map(segmentName)
  expect(names.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(names)
  expect(names.map(firstSeqIn)).toEqual(seqs)
  for (const name of ['version', '1.seg', '0000000000000001.seg.cut', 'x0000000000000001.seg'])
    expect(firstSeqIn(name)).toBeUndefined()
})

test('bytes are written where they belong, read back, cut and removed', async () => {
  const file = await diskSegmentFiles(directory).create(5)
  await file.write([Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cdef')], 0)
  await file.write([Buffer.from('XY')], 6)
  await file.sync()
  expect(readFileSync(file.path, 'utf8')).toBe('abcdefXY')
  const into = Buffer.alloc(3)
  await file.read(into, 2)
  expect(into.toString()).toBe('cde')
  await file.truncate(4)
  expect(await file.size()).toBe(4)
  await expect(file.read(Buffer.alloc(3), 3)).rejects.toThrow('ends at byte 4')
  await file.close()
  const again = await diskSegmentFiles(directory).open(segmentName(5))
  expect(await again.size()).toBe(4)
  await again.remove()
  await again.close()
  expect(readdirSync(directory)).toEqual([])
})

test('a segment is never written over', async () => {
  const files = diskSegmentFiles(directory)
  const file = await files.create(5)
  await expect(files.create(5)).rejects.toThrow('EEXIST')
  await file.close()
})

test('a new segment syncs the directory, so that its name survives power loss', async () => {
  const sync = vi.spyOn(await handles(), 'sync')
  const file = await diskSegmentFiles(directory).create(1)
  expect(sync).toHaveBeenCalledTimes(1)
  await file.close()
})

test('what was written is on the disk when a sync ends', async () => {
  const all = await handles()
  const writev = vi.spyOn(all, 'writev')
  const datasync = vi.spyOn(all, 'datasync')
  const file = await diskSegmentFiles(directory).create(1)
  await file.write([Buffer.from('ab'), Buffer.from('c')], 0)
  await file.sync()
  expect(writev).toHaveBeenCalledTimes(1)
  if (process.platform === 'linux') {
    const { fd } = writev.mock.contexts[0] as FileHandle
    const [, flags = ''] = /^flags:\t(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'latin1')) ?? []
    expect(Number.parseInt(flags, 8) & constants.O_DSYNC).toBe(constants.O_DSYNC)
  } else {
    expect(writev.mock.invocationCallOrder[0]).toBeLessThan(datasync.mock.invocationCallOrder[0] ?? 0)
  }
  await file.close()
})

test('a cut is synced', async () => {
  const file = await diskSegmentFiles(directory).create(7)
  await file.write([Buffer.from('hello')], 0)
  const sync = vi.spyOn(await handles(), 'sync')
  await file.truncate(2)
  expect(sync).toHaveBeenCalledTimes(1)
  await file.close()
})

test('a disk that writes a part of the buffers gets the rest', async () => {
  const all = await handles()
  const writev = Reflect.get<FileHandle, 'writev'>(all, 'writev')
  vi.spyOn(all, 'writev').mockImplementation(function (this: FileHandle, buffers, position) {
    const first = Buffer.from((buffers as readonly Buffer[]).find(({ length }) => length > 0) as Buffer).subarray(0, 2)
    return writev.apply(this, [[first], position] as Parameters<FileHandle['writev']>)
  })
  const file = await diskSegmentFiles(directory).create(1)
  await file.write([Buffer.from('abc'), Buffer.alloc(0), Buffer.from('defg'), Buffer.from('h')], 0)
  expect(readFileSync(file.path, 'utf8')).toBe('abcdefgh')
  await file.close()
})

test('small writes into a file that has some are written into zeros that came before them', async () => {
  const file = await diskSegmentFiles(directory).create(1)
  let end = 0
  const sizes = []
  for (let written = 0; written < 12; written++) {
    await file.write([Buffer.from('0123456789')], end)
    end += 10
    sizes.push(await file.size())
  }
  // Twice what there is, whenever the room is used up.
  expect(sizes).toEqual([10, 20, 30, 40, 90, 90, 90, 90, 90, 190, 190, 190])
  expect(readFileSync(file.path, 'latin1')).toBe('0123456789'.repeat(12).padEnd(190, '\0'))
  await file.truncate(end)
  expect(await file.size()).toBe(end)
  await file.write([Buffer.from('0123456789')], end)
  expect(await file.size()).toBe(end + 10 + end)
  await file.close()
})

test('large writes have no room made behind them, and no more than a megabyte is made at once', async () => {
  const file = await diskSegmentFiles(directory).create(1)
  const large = Buffer.alloc(64 * 1024 + 1, 1)
  const count = 20
  for (let written = 0; written < count; written++) await file.write([large], written * large.length)
  const end = count * large.length
  expect(await file.size()).toBe(end)
  await file.write([Buffer.from('x')], end)
  expect(await file.size()).toBe(end + 1 + 1024 * 1024)
  await file.close()
})

test('a disk that has room for the bytes alone has written them', async () => {
  const file = await diskSegmentFiles(directory).create(1)
  await file.write([Buffer.from('0123456789')], 0)
  const all = await handles()
  const writev = Reflect.get<FileHandle, 'writev'>(all, 'writev')
  const spy = vi.spyOn(all, 'writev').mockImplementation(function (this: FileHandle, buffers, position) {
    if (buffers.length === 1) throw new Error('ENOSPC: no space left on device')
    return writev.apply(this, [[buffers[0]], position] as Parameters<FileHandle['writev']>)
  })
  await file.write([Buffer.from('ab')], 10)
  expect(spy).toHaveBeenCalledTimes(1)
  expect(readFileSync(file.path, 'latin1')).toBe('0123456789ab')
  await file.close()
})

test("a segment is its owner's alone", async () => {
  const file = await diskSegmentFiles(directory).create(7)
  expect(statSync(file.path).mode & 0o777).toBe(0o600)
  await file.close()
})
