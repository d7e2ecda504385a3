import { mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendEvents } from '#delivery/sources/log-files/append.ts'

const AT = 1_795_259_800_000
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-append-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const append = (...events: string[]): Promise<void> => appendEvents({ directory, prefix: 'flow' }, events, AT)

test('events are written as a source reads them, and no text can end its event', async () => {
  await append('one', 'two\u001E\nlines')
  await append('three')
  expect(await readFile(join(directory, 'flow-1.log'), 'utf8')).toBe(
    `${String(AT)} one\u001E\n${String(AT)} two?\nlines\u001E\n${String(AT)} three\u001E\n`,
  )
  expect((await stat(join(directory, 'flow-1.log'))).mode & 0o777).toBe(0o600)
})

test('a file that has grown large is left as it is, and the next number begins', async () => {
  await append('one')
  await truncate(join(directory, 'flow-1.log'), 4 * 1024 * 1024)
  await append('two')
  await append('three')
  expect((await readdir(directory)).toSorted()).toEqual(['flow-1.log', 'flow-2.log'])
  expect(await readFile(join(directory, 'flow-2.log'), 'utf8')).toBe(
    `${String(AT)} two\u001E\n${String(AT)} three\u001E\n`,
  )
})

test('nothing to write makes no file, and a directory that is gone is not made again', async () => {
  await append()
  expect(await readdir(directory)).toEqual([])
  await rm(directory, { recursive: true })
  await append('late')
  await expect(readdir(directory)).rejects.toThrow('ENOENT')
})
