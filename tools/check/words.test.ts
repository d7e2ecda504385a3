import { expect, test } from 'vitest'
import { checkWords } from './words.ts'

const file = (path: string, text: string) => ({
  path,
  text,
  lines: text.split('\n').length,
  code: text.split('\n').length,
})
const inSource = (text: string): readonly string[] => checkWords({ source: [file('a.ts', text)], tests: [] }, [])
const inTest = (text: string): readonly string[] => checkWords({ source: [], tests: [file('a.test.ts', text)] }, [])
/** In pieces, so that the check does not find this file. */
const written = (...pieces: readonly string[]): string => pieces.join('')
const anywhere = (text: string): readonly string[] =>
  checkWords({ source: [], tests: [] }, [{ path: 'docs/a.md', text }])

test.each([
  written('// TO', 'DO', ': later'),
  written('// FIX', 'ME'),
  written('// fine for n', 'ow'),
  written("throw new Error('not implemented y", 'et', "')"),
])('%s in source is unfinished work', (text) => {
  expect(inSource(`const a = 1\n${text}\n`)).toEqual([
    'a.ts:2: marks unfinished work; finish it, or answer 501 honestly',
  ])
  expect(inTest(text)).toEqual([])
})

test.each([written('// @ts-', 'ignore'), written('// @ts-no', 'check')])('%s escapes the type checker', (text) => {
  expect(inSource(text)).toEqual(['a.ts:1: escapes the type checker'])
  expect(inTest(text)).toEqual(['a.test.ts:1: escapes the type checker'])
})

test('words that only contain such a mark are taken', () => {
  expect(inSource("const company: Company = many(anyone, 'today', nowhere)\n")).toEqual([])
})

test('exporting whatever another file exports is refused', () => {
  expect(inSource(written('export ', '*', " from './b.ts'\n"))).toHaveLength(1)
  expect(inSource("export { b } from './b.ts'\n")).toEqual([])
})

test.each([written('test.on', 'ly', "('x')"), written('describe.sk', 'ip', "('x')"), written('it.to', 'do', "('x')")])(
  '%s is a test that does not run, or runs alone',
  (text) => {
    expect(inTest(text)).toEqual(['a.test.ts:1: a test that does not run, or runs alone'])
  },
)

test('the host of a package registry is found in any file, other hosts are not', () => {
  expect(anywhere(written('see https://registry.np', 'mjs', '.org/left-pad'))).toHaveLength(1)
  expect(anywhere('see https://docs.aws.amazon.com/ and https://activemq.apache.org/')).toEqual([])
})
