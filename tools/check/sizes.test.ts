import { expect, test } from 'vitest'
import { checkSizes } from './sizes.ts'
import type { SourceFile } from './source-files.ts'

const file = (path: string, lines: number): SourceFile => ({ path, text: '', lines, code: lines })
const files = (count: number, lines: number, folder = 'packages/server/src'): readonly SourceFile[] =>
  Array.from({ length: count }, (_, number) => file(`${folder}/${String(number)}.ts`, lines))

const good = { source: files(120, 50), tests: [file('packages/server/src/a.test.ts', 500), ...files(120, 50, 'tests')] }

test('short files with as many lines of tests pass', () => {
  expect(checkSizes(good)).toEqual([])
})

test('a file beyond 500 lines is named, test or not', () => {
  expect(checkSizes({ ...good, source: [...good.source, file('tools/long.ts', 501)] })).toEqual([
    'tools/long.ts has 501 lines; the most is 500. Is it one idea?',
  ])
  expect(checkSizes({ ...good, tests: [...good.tests, file('tests/long.test.ts', 501)] })).toEqual([
    'tests/long.test.ts has 501 lines; the most is 500. Is it one idea?',
  ])
})

test('the median of the product is held, whatever tools are like', () => {
  expect(checkSizes({ source: files(120, 101), tests: files(130, 101, 'tests') })).toEqual([
    'the median file has 101 lines; the bar is 100',
  ])
  expect(checkSizes({ source: [...files(120, 50), ...files(200, 400, 'tools')], tests: good.tests })).toEqual([])
})

test('fewer tests than product are a fault', () => {
  expect(checkSizes({ source: files(120, 50), tests: files(1, 100, 'tests') })[0]).toContain(
    'there are 100 lines of code in tests for 6000 in the source',
  )
})

test('a tree that was not read is a fault and not a pass', () => {
  expect(checkSizes({ source: files(3, 10), tests: files(3, 10, 'tests') })).toEqual([
    'only 3 source files were read; is this the repository?',
  ])
})
