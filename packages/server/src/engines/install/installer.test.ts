import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { InstallProgress } from '#engines/broker-engine.ts'
import { cacheFolders } from '#engines/install/cache-folder.ts'
import { installer } from '#engines/install/installer.ts'
import { testDistribution, testRepository } from '#engines/testing/repository.ts'
import type { Behaviour, TestRepository } from '#engines/testing/repository.ts'

const PART = 50_000
const noise = Array.from({ length: 20_000 }, () => Math.random().toString(36)).join('')
const FILES = {
  'lib/dist.jar': noise,
  'bin/run': 'run',
  'docs/index.html': 'docs',
  'lib/extra/x.jar': 'x',
  README: 'read',
}

let scratch: string
let cacheDirectory: string
let distribution: Awaited<ReturnType<typeof testDistribution>>
let repository: TestRepository | undefined

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-installer-'))
  distribution = await testDistribution(scratch, FILES)
})
afterAll(() => rm(scratch, { recursive: true, force: true }))
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(scratch, 'cache-'))
})
afterEach(async () => {
  await repository?.close()
  repository = undefined
})

async function install(
  behave?: (request: number) => Behaviour,
  bytes: Uint8Array = distribution.bytes,
  progress: InstallProgress = () => {},
): Promise<string> {
  repository = await testRepository({ [distribution.path]: bytes }, behave)
  return installer({ cacheDirectory, folders: cacheFolders(cacheDirectory), repository: repository.url })(
    distribution.artifact,
    progress,
  )
}

test('downloads by coordinates, leaves out what is not needed, and keeps no archive', async () => {
  const home = await install()
  expect(home).toBe(join(cacheDirectory, 'dist-1.0'))
  expect((await readdir(home)).toSorted()).toEqual(['.complete', 'README', 'bin', 'lib'])
  expect(await readdir(join(home, 'lib'))).toEqual(['dist.jar'])
  expect(await readFile(join(home, 'lib/dist.jar'), 'utf8')).toBe(noise)
  expect(await readdir(join(cacheDirectory, 'downloads'))).toEqual([])
})

test('what is in the cache is used without asking the repository', async () => {
  const home = await install()
  await repository?.close()
  expect(await install()).toBe(home)
  expect(repository?.requests).toEqual([])
})

test('progress is told in bytes and ends at the whole', async () => {
  const steps: Parameters<InstallProgress>[0][] = []
  await install(undefined, undefined, (step) => steps.push(step))
  const downloading = steps.filter(({ what }) => what === 'downloading dist-1.0')
  expect(downloading.at(-1)).toEqual({
    what: 'downloading dist-1.0',
    doneBytes: distribution.bytes.length,
    totalBytes: distribution.bytes.length,
  })
  expect(steps.at(-1)).toEqual({ what: 'unpacking dist-1.0' })
})

test('a broken connection is resumed where it broke', async () => {
  await install((request) => (request === 0 ? { cut: PART } : {}))
  expect(repository?.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${String(PART)}-`])
})

test('what an earlier process downloaded is resumed', async () => {
  await mkdir(join(cacheDirectory, 'downloads'))
  await writeFile(join(cacheDirectory, 'downloads', 'dist-1.0-bin.tar.gz.part'), distribution.bytes.subarray(0, PART))
  const home = await install()
  expect(repository?.requests.map(({ range }) => range)).toEqual([`bytes=${String(PART)}-`])
  expect(await readFile(join(home, 'lib/dist.jar'), 'utf8')).toBe(noise)
})

test('a repository without ranges starts over, and the file is still right', async () => {
  const home = await install((request) => (request === 0 ? { cut: PART } : { ranges: false }))
  expect(await readFile(join(home, 'lib/dist.jar'), 'utf8')).toBe(noise)
})

test('a wrong checksum is refused, and nothing of it stays', async () => {
  const changed = Buffer.from(distribution.bytes)
  changed[PART] = changed[PART]! ^ 1
  await expect(install(undefined, changed)).rejects.toThrow('dist-1.0-bin.tar.gz arrived with another checksum')
  expect(await readdir(join(cacheDirectory, 'downloads'))).toEqual([])
  expect(await cacheFolders(cacheDirectory).find('dist-1.0')).toBeUndefined()
})

test('more bytes than there must be are refused before they fill the disk', async () => {
  const longer = Buffer.concat([distribution.bytes, Buffer.alloc(100_000)])
  await expect(install(undefined, longer)).rejects.toThrow('sent more than')
})

test.each([
  { name: 'a missing artifact is not asked for again', status: 404, requests: 1 },
  { name: 'a repository in trouble is asked three times', status: 503, requests: 3 },
])('$name, and the reason is in the message', async ({ status, requests }) => {
  await expect(install(() => ({ status }))).rejects.toThrow(
    `dist-1.0-bin.tar.gz could not be downloaded: the repository answered ${String(status)}; check the network`,
  )
  expect(repository?.requests.length).toBe(requests)
})

test('without a network the message says where to put the file, and putting it there works', async () => {
  const offline = installer({
    cacheDirectory,
    folders: cacheFolders(cacheDirectory),
    repository: 'http://127.0.0.1:9/',
  })
  const file = join(cacheDirectory, 'downloads', 'dist-1.0-bin.tar.gz')
  await expect(offline(distribution.artifact, () => {})).rejects.toThrow(`put the file into ${file} by hand`)
  await writeFile(file, distribution.bytes)
  expect(await offline(distribution.artifact, () => {})).toBe(join(cacheDirectory, 'dist-1.0'))
})

test('an archive that is not what it must be is no installation', async () => {
  repository = await testRepository({ [distribution.path]: distribution.bytes })
  const other = { ...distribution.artifact, proof: 'lib/other.jar' }
  const wrong = installer({ cacheDirectory, folders: cacheFolders(cacheDirectory), repository: repository.url })
  await expect(wrong(other, () => {})).rejects.toThrow('holds no lib/other.jar')
  expect(
    (await readdir(cacheDirectory)).filter((name) => name.startsWith('dist-1.0') && name !== 'dist-1.0.lock'),
  ).toEqual([])
})

test('what a killed installer left is cleared away', async () => {
  await mkdir(join(cacheDirectory, 'dist-1.0.unpacking-dead', 'lib'), { recursive: true })
  await mkdir(join(cacheDirectory, 'dist-1.0', 'lib'), { recursive: true })
  await install()
  expect((await readdir(cacheDirectory)).toSorted()).toEqual(['dist-1.0', 'dist-1.0.lock', 'downloads'])
})

test('several callers and several processes at once share one download', async () => {
  repository = await testRepository({ [distribution.path]: distribution.bytes }, () => ({}))
  const { url } = repository
  const here = installer({ cacheDirectory, folders: cacheFolders(cacheDirectory), repository: url })
  const script = fileURLToPath(new URL('../testing/install-dist.ts', import.meta.url))
  const there = async (): Promise<string> =>
    (await promisify(execFile)(process.execPath, [script, cacheDirectory, url, JSON.stringify(distribution.artifact)]))
      .stdout
  const homes = await Promise.all([
    here(distribution.artifact, () => {}),
    there(),
    here(distribution.artifact, () => {}),
    there(),
  ])
  expect(new Set(homes)).toEqual(new Set([join(cacheDirectory, 'dist-1.0')]))
  expect(repository.requests.length).toBe(1)
})

test('a single library is kept as it is, in a folder of its own', async () => {
  const bytes = Buffer.from('a library')
  repository = await testRepository({ '/org/example/lib/1.0/lib-1.0.jar': bytes })
  const folder = await installer({ cacheDirectory, folders: cacheFolders(cacheDirectory), repository: repository.url })(
    {
      name: 'lib-1.0',
      coordinates: { groupId: 'org.example', artifactId: 'lib', version: '1.0', extension: 'jar' },
      sizeBytes: bytes.length,
      sha512: createHash('sha512').update(bytes).digest('hex'),
      proof: 'lib-1.0.jar',
      leaveOut: [],
    },
    () => {},
  )
  expect((await readdir(folder)).toSorted()).toEqual(['.complete', 'lib-1.0.jar'])
  expect(await readFile(join(folder, 'lib-1.0.jar'), 'utf8')).toBe('a library')
})
