import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheFolders, isThere } from '#engines/install/cache-folder.ts'

let scratch: string
let cache: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-cache-'))
  cache = join(scratch, 'cache')
})
afterEach(() => rm(scratch, { recursive: true, force: true }))

const quiet = (): void => {}
const filling = (text: string) => (empty: string) => writeFile(join(empty, 'file'), text)

test('a folder is made once, and found afterwards', async () => {
  const folders = cacheFolders(cache)
  expect(await folders.find('a')).toBeUndefined()
  const made = await folders.make('a', filling('first'), quiet)
  expect(await folders.make('a', filling('second'), quiet)).toBe(made)
  expect(await cacheFolders(cache).find('a')).toBe(made)
  expect(await readFile(join(made, 'file'), 'utf8')).toBe('first')
  expect((await stat(cache)).mode & 0o777).toBe(0o700)
})

test('a build that fails leaves nothing, and the next one may try', async () => {
  const folders = cacheFolders(cache)
  const failing = async (empty: string): Promise<void> => {
    await writeFile(join(empty, 'half'), '')
    throw new Error('the disk is full')
  }
  await expect(folders.make('a', failing, quiet)).rejects.toThrow('the disk is full')
  expect(await readdir(cache)).toEqual(['a.lock'])
  await folders.make('a', filling('whole'), quiet)
  expect(await isThere(join(cache, 'a', 'file'))).toBe(true)
})

test('until a folder is whole nobody finds it', async () => {
  const folders = cacheFolders(cache)
  let during: string | undefined = 'not asked'
  await folders.make(
    'a',
    async (empty) => {
      await filling('x')(empty)
      during = await cacheFolders(cache).find('a')
    },
    quiet,
  )
  expect(during).toBeUndefined()
})

test('callers at the same time build once, and the others are told that they wait', async () => {
  let builds = 0
  let waits = 0
  const build = async (empty: string): Promise<void> => {
    builds++
    await filling('x')(empty)
  }
  const made = await Promise.all([1, 2, 3].map(() => cacheFolders(cache).make('a', build, () => waits++)))
  expect(new Set(made).size).toBe(1)
  expect([builds, waits]).toEqual([1, 2])
})

test('folders of different names do not wait for each other', async () => {
  const folders = cacheFolders(cache)
  await folders.make('a', (empty) => folders.make('b', filling('b'), quiet).then(() => filling('a')(empty)), quiet)
  expect(await folders.find('b')).toBe(join(cache, 'b'))
})
