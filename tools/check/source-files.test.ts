import { expect, test } from 'vitest'
import { sourceFiles } from './source-files.ts'

const { source, tests } = sourceFiles()
const paths = (files: typeof source): readonly string[] => files.map(({ path }) => path)

test('source written by hand is read, with its text', () => {
  expect(paths(source)).toContain('packages/server/src/main.ts')
  expect(paths(source)).toContain('tools/check/source-files.ts')
  expect(source.find(({ path }) => path === 'packages/server/src/main.ts')?.text).toContain('startPlatform')
})

test('tests and what serves only tests stand apart', () => {
  expect(paths(tests)).toContain('tools/check/source-files.test.ts')
  expect(paths(tests)).toContain('packages/testkit/src/platform.ts')
  expect(paths(source).filter((path) => path.endsWith('.test.ts'))).toEqual([])
})

test('generated files are in neither', () => {
  expect([...paths(source), ...paths(tests)].filter((path) => path.startsWith('packages/wire/src/types/'))).toEqual([])
})

test('lines are those that an editor shows', () => {
  const file = source.find(({ path }) => path === 'tools/format.ts')
  expect(file?.lines).toBe(file?.text.trimEnd().split('\n').length)
})
