import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { storageLimits } from '#engines/activemq/storage-limits.ts'

const MIB = 1024 * 1024

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-storage-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a broker gets no more than AWS gives, and no more than the disk has', async () => {
  const { storeMib, temporaryMib } = await storageLimits(directory, 200)
  const { bavail, bsize } = await statfs(directory)
  const freeMib = (bavail * bsize) / MIB
  for (const limit of [storeMib, temporaryMib]) expect(limit).toBeGreaterThan(0)
  expect(storeMib).toBeLessThanOrEqual(Math.min(200 * 1024, freeMib))
  expect(temporaryMib).toBeLessThanOrEqual(Math.min(50 * 1024, freeMib))
})

test('what the store already holds does not make its limit smaller', async () => {
  await mkdir(join(directory, 'kahadb'))
  const before = await storageLimits(directory, 200)
  await writeFile(join(directory, 'kahadb', 'db-1.log'), Buffer.alloc(64 * MIB, 1), { flush: true })
  const after = await storageLimits(directory, 200)
  // Others use the same disk at the same time, so a little may have changed.
  expect(after.storeMib).toBeGreaterThan(before.storeMib - 40)
})

test('a folder that is not there is an error', async () => {
  await expect(storageLimits(join(directory, 'none'), 200)).rejects.toThrow(/ENOENT/)
})

test('on a full disk no broker is started, and the sentence says how much is wanted', async () => {
  const with63 = storageLimits(directory, 200, async () => ({ bavail: 64 * 256 - 1, bsize: 4_096 }))
  await expect(with63).rejects.toThrow('is full: 63 MiB are left, and a broker needs 64 to start; make room there')
  const { storeMib } = await storageLimits(directory, 200, async () => ({ bavail: 64 * 256, bsize: 4_096 }))
  expect(storeMib).toBe(44)
})

test('a small broker gets a small store', async () => {
  expect((await storageLimits(directory, 1)).storeMib).toBeLessThanOrEqual(1024)
})
