import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimDirectory } from './version-file.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'version-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a new directory is made and marked, and claimed again without a change', () => {
  const directory = join(root, 'a', 'b')
  claimDirectory(directory, 3)
  claimDirectory(directory, 3)
  expect(readFileSync(join(directory, 'version'), 'utf8')).toBe('3\n')
})

test('a directory of an older version is taken over', () => {
  writeFileSync(join(root, 'version'), '2\n')
  claimDirectory(root, 3)
  expect(readFileSync(join(root, 'version'), 'utf8')).toBe('3\n')
})

test('a directory of a newer version is refused untouched', () => {
  writeFileSync(join(root, 'version'), '4\n')
  expect(() => claimDirectory(root, 3)).toThrow(
    'was written by a newer version (form 4, this version knows 3); it was left untouched',
  )
  expect(readFileSync(join(root, 'version'), 'utf8')).toBe('4\n')
  expect(existsSync(join(root, 'x'))).toBe(false)
})

test('a mark that is no number is refused', () => {
  writeFileSync(join(root, 'version'), 'x')
  expect(() => claimDirectory(root, 3)).toThrow('does not hold a version number')
})
