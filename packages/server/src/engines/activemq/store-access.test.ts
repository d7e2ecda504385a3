import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkStore } from '#engines/activemq/store-access.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-store-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a store that is new, or that is there, can be opened, and keeps what it has', async () => {
  await checkStore(directory)
  await writeFile(join(directory, 'kahadb', 'db-1.log'), 'messages')
  await checkStore(directory)
  expect((await readdir(join(directory, 'kahadb'))).toSorted()).toEqual(['db-1.log', 'lock'])
})

test.each([
  { name: 'no folder', code: 'EEXIST', make: () => writeFile(join(directory, 'kahadb'), '') },
  {
    name: 'a folder whose lock is none',
    code: 'EISDIR',
    make: () => mkdir(join(directory, 'kahadb', 'lock'), { recursive: true }),
  },
])('a store that is $name is an error in a sentence', async ({ code, make }) => {
  await make()
  await expect(checkStore(directory)).rejects.toThrow(
    `kahadb cannot be opened (${code}): it must be a folder that the platform's user can write`,
  )
})
