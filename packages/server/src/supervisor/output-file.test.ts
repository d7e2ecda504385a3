import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boundOutput, outputTail } from '#supervisor/output-file.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-output-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a short output is all of it, without its last line break', async () => {
  const file = join(directory, 'short')
  await writeFile(file, 'one\ntwo\n')
  expect(await outputTail(file)).toBe('one\ntwo')
})

test('a long output is its last whole lines, at most 4 KiB', async () => {
  const file = join(directory, 'long')
  const lines = Array.from({ length: 2_000 }, (_, index) => `line ${String(index)} äöü`)
  await writeFile(file, lines.join('\n'))
  const tail = await outputTail(file)
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(4_096)
  expect(lines.join('\n').endsWith(`\n${tail}`)).toBe(true)
  expect(tail.split('\n').length).toBeGreaterThan(100)
})

test('no file is no output', async () => {
  expect(await outputTail(join(directory, 'none'))).toBe('')
  expect(await boundOutput(join(directory, 'none'), 1)).toBe(false)
})

test('an output over its limit is cut, one within it is left alone, and an appending writer goes on', async () => {
  const file = join(directory, 'bounded')
  await writeFile(file, 'x'.repeat(100))
  expect(await boundOutput(file, 100)).toBe(false)
  expect((await stat(file)).size).toBe(100)
  expect(await boundOutput(file, 99)).toBe(true)
  await appendFile(file, 'next')
  expect(await readFile(file, 'utf8')).toBe('next')
})
