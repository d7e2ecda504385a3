import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkInvariants } from './invariants.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'invariants-'))
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'a.test.ts'), "test('nothing is lost', () => {})\n")
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function check(rows: string): readonly string[] {
  writeFileSync(join(root, 'docs', 'invariants.md'), `# Promises\n\n| | | |\n|---|---|---|\n${rows}\n`)
  return checkInvariants(root)
}

test('a promise that names a test which is there is held', () => {
  expect(check('| 1 | Acknowledged means durable. | `a.test.ts › nothing is lost` |')).toEqual([])
})

test('a promise without a test, or with one that is not there, is a fault', () => {
  expect(check('| 1 | Trust us. | |')).toEqual([expect.stringContaining('no test is named for: | 1 | Trust us.')])
  expect(check('| 1 | x | `b.test.ts › y` |')).toEqual(['b.test.ts does not exist, but docs/invariants.md names it'])
  expect(check('| 1 | x | `a.test.ts › something else` |')).toEqual(['a.test.ts has no test named "something else"'])
})

test('every named test of a row is looked for', () => {
  expect(check('| 12 | x | `a.test.ts › nothing is lost`, `a.test.ts › y` |')).toEqual([
    'a.test.ts has no test named "y"',
  ])
})

test('an empty or missing table is a fault', () => {
  expect(check('')).toEqual(['docs/invariants.md has no rows'])
  rmSync(join(root, 'docs', 'invariants.md'))
  expect(checkInvariants(root)).toEqual(['docs/invariants.md is missing'])
})
