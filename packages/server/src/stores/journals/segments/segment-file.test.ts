import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { diskSegmentFiles, firstSeqIn, segmentName } from '#stores/journals/segments/segment-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'segments-'))
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

test('names are in order of seq, and anything else is no segment', () => {
  expect(segmentName(16_384)).toBe('0000000000016384.seg')
  expect([segmentName(9), segmentName(10), segmentName(2 ** 53 - 1)].toSorted()).toEqual([
    segmentName(9),
    segmentName(10),
    segmentName(2 ** 53 - 1),
  ])
  expect(firstSeqIn(segmentName(123))).toBe(123)
  for (const other of ['123.seg', 'version', '0000000000000123.seg.tmp', '']) expect(firstSeqIn(other)).toBeUndefined()
})

test('a new segment syncs the directory, so that its name survives power loss', async () => {
  const sync = vi.spyOn(await handles(), 'sync')
  const file = await diskSegmentFiles(directory).create(1)
  expect(sync).toHaveBeenCalledTimes(1)
  await file.close()
})

test('a sync asks the disk, and not before everything is written', async () => {
  const all = await handles()
  const writev = vi.spyOn(all, 'writev')
  const datasync = vi.spyOn(all, 'datasync')
  const file = await diskSegmentFiles(directory).create(1)
  await file.write([Buffer.from('ab'), Buffer.from('c')], 0)
  await file.sync()
  expect([writev.mock.calls.length, datasync.mock.calls.length]).toEqual([1, 1])
  expect(writev.mock.invocationCallOrder[0]).toBeLessThan(datasync.mock.invocationCallOrder[0] ?? 0)
  await file.close()
})

test('a disk that writes a part of the buffers gets the rest', async () => {
  const all = await handles()
  const writev = Reflect.get(all, 'writev') as FileHandle['writev']
  vi.spyOn(all, 'writev').mockImplementation(function (this: FileHandle, buffers, position) {
    const first = Buffer.from((buffers as readonly Buffer[]).find(({ length }) => length > 0) as Buffer).subarray(0, 2)
    return writev.apply(this, [[first], position] as Parameters<FileHandle['writev']>)
  })
  const file = await diskSegmentFiles(directory).create(1)
  await file.write([Buffer.from('abc'), Buffer.alloc(0), Buffer.from('defg'), Buffer.from('h')], 0)
  expect(readFileSync(file.path, 'utf8')).toBe('abcdefgh')
  await file.close()
})

test('what was written is read back; reading past the end says what is wrong', async () => {
  const file = await diskSegmentFiles(directory).create(7)
  await file.write([Buffer.from('hello')], 0)
  await file.write([Buffer.from(' world')], 5)
  const into = Buffer.alloc(5)
  await file.read(into, 6)
  expect([into.toString(), await file.size()]).toEqual(['world', 11])
  await expect(file.read(Buffer.alloc(12), 0)).rejects.toThrow(
    `${file.path} ends at byte 11, but more was written to it`,
  )
  await file.close()
})

test('a cut is synced, and what lies behind it is gone', async () => {
  const file = await diskSegmentFiles(directory).create(7)
  await file.write([Buffer.from('hello')], 0)
  const sync = vi.spyOn(await handles(), 'sync')
  await file.truncate(2)
  expect([readFileSync(file.path, 'utf8'), sync.mock.calls.length]).toEqual(['he', 1])
  await file.close()
})

test("a segment is its owner's alone, is never made over another, and can be removed", async () => {
  const files = diskSegmentFiles(directory)
  const file = await files.create(7)
  expect(statSync(file.path).mode & 0o777).toBe(0o600)
  await expect(files.create(7)).rejects.toThrow('EEXIST')
  await file.close()
  await file.remove()
  expect(readdirSync(directory)).toEqual([])
})

test('a segment that an earlier run left is opened as it is', async () => {
  writeFileSync(join(directory, segmentName(7)), 'left')
  const file = await diskSegmentFiles(directory).open(segmentName(7))
  expect(await file.size()).toBe(4)
  await file.write([Buffer.from('over')], 0)
  await file.close()
  expect(readFileSync(file.path, 'utf8')).toBe('over')
})
