import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../run.ts'
import { MUTANTS } from './list.ts'
import { mutated } from './mutant.ts'

test.each(MUTANTS)('$name: its text is in the file once, and makes a difference', ({ file, find, replace }) => {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const wrong = mutated(text, { find, replace })
  expect(wrong).toBeTypeOf('string')
  expect(wrong).not.toBe(text)
})

test.each(MUTANTS)('$name: its tests are there', ({ tests }) => {
  expect(tests.files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('each has a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})
