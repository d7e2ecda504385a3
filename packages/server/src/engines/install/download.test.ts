import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { download, sha512Of } from '#engines/install/download.ts'
import { testRepository } from '#engines/testing/repository.ts'
import type { Behaviour, TestRepository } from '#engines/testing/repository.ts'

const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251))
const SHA512 = createHash('sha512').update(BYTES).digest('hex')

let directory: string
let repository: TestRepository | undefined
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-download-'))
})
afterEach(async () => {
  await repository?.close()
  await rm(directory, { recursive: true, force: true })
})

async function fetchFile(
  behave?: (request: number) => Behaviour,
  progress: (done: number) => void = () => {},
): Promise<Buffer> {
  repository = await testRepository({ '/file': BYTES }, behave)
  const file = join(directory, 'file')
  await download({ url: `${repository.url}file`, sizeBytes: BYTES.length, sha512: SHA512, file }, progress)
  return readFile(file)
}

test('the file arrives whole, and only the file', async () => {
  expect((await fetchFile()).equals(BYTES)).toBe(true)
  expect(await readdir(directory)).toEqual(['file'])
  expect(await sha512Of(join(directory, 'file'))).toBe(SHA512)
})

test.each([1, 50_000, 99_999])('a part of %d bytes is completed, not fetched again', async (have) => {
  await writeFile(join(directory, 'file.part'), BYTES.subarray(0, have))
  const told: number[] = []
  expect((await fetchFile(undefined, (done) => told.push(done))).equals(BYTES)).toBe(true)
  expect(repository?.requests.map(({ range }) => range)).toEqual([`bytes=${String(have)}-`])
  expect(told.every((done) => done > have)).toBe(true)
  expect(told.at(-1)).toBe(BYTES.length)
})

test('a whole part is only verified', async () => {
  await writeFile(join(directory, 'file.part'), BYTES)
  expect((await fetchFile()).equals(BYTES)).toBe(true)
  expect(repository?.requests).toEqual([])
})

test('a part that is longer than the file is thrown away and fetched anew', async () => {
  await writeFile(join(directory, 'file.part'), Buffer.alloc(BYTES.length + 1))
  expect((await fetchFile()).equals(BYTES)).toBe(true)
})

test('a part of another file fails by checksum once, and the next try begins anew', async () => {
  await writeFile(join(directory, 'file.part'), Buffer.alloc(50_000))
  await expect(fetchFile()).rejects.toThrow('arrived with another checksum')
  await repository?.close()
  expect((await fetchFile()).equals(BYTES)).toBe(true)
})

test('a connection that keeps breaking is given up, and what came stays for the next time', async () => {
  await expect(fetchFile(() => ({ cut: 10_000 }))).rejects.toThrow(
    /file could not be downloaded: .*; check the network and the repository/,
  )
  expect(repository?.requests.length).toBe(3)
  expect(await readdir(directory)).toEqual(['file.part'])
  await repository?.close()
  expect((await fetchFile()).equals(BYTES)).toBe(true)
  expect(repository?.requests[0]?.range).toBe('bytes=30000-')
})

test.each([
  { status: 404, requests: 1 },
  { status: 403, requests: 1 },
  { status: 429, requests: 3 },
  { status: 500, requests: 3 },
])('$status is asked for $requests times', async ({ status, requests }) => {
  await expect(fetchFile(() => ({ status }))).rejects.toThrow(`the repository answered ${String(status)}`)
  expect(repository?.requests.length).toBe(requests)
})
