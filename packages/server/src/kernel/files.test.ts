import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOnce, readIfThere, replaceFile } from '#kernel/files.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-files-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a missing file is no text; a directory in its place is an error', async () => {
  expect(await readIfThere(join(directory, 'none'))).toBeUndefined()
  await expect(readIfThere(directory)).rejects.toThrow(/EISDIR/)
})

test('several makers at once all get the text of the one that was first', async () => {
  const file = join(directory, 'once')
  const texts = await Promise.all(['a', 'b', 'c', 'd'].map((text) => createOnce(file, async () => text)))
  expect(new Set(texts).size).toBe(1)
  expect(await createOnce(file, async () => 'late')).toBe(texts[0])
  expect(await readdir(directory)).toEqual(['once'])
})

test('a replaced file is the owner’s alone and leaves nothing beside it', async () => {
  const file = join(directory, 'replaced')
  await replaceFile(file, 'one')
  await replaceFile(file, 'two')
  expect(await readFile(file, 'utf8')).toBe('two')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['replaced'])
})

test('a replacement that fails leaves nothing beside the file', async () => {
  await expect(replaceFile(join(directory, 'none', 'x'), 'one')).rejects.toThrow(/ENOENT/)
  await expect(replaceFile(directory, 'one')).rejects.toThrow()
  expect((await readdir(join(directory, '..'))).filter((name) => name.endsWith('.new'))).toEqual([])
})
