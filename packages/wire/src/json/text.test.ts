import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWrittenKeys, parseJson, refuseRepeatedKeys } from './text.ts'

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  return (Array.isArray(value) ? 0 : children.length) + children.reduce((sum: number, child) => sum + keysOf(child), 0)
}

test('the keys of any JSON text are counted, whatever its strings hold and however it is spaced', () => {
  const nasty = fc.stringMatching(/^[":\\{},[\] a\n]*$/)
  const value = fc
    .jsonValue({ maxDepth: 4 })
    .chain((json) => fc.tuple(fc.constant(json), fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty)))))
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, '\t'), (tree, space) => {
      const text = JSON.stringify(tree, null, space)
      expect(countWrittenKeys(Buffer.from(text))).toBe(keysOf(JSON.parse(text)))
    }),
    { seed: 11, numRuns: 500 },
  )
})

test.each([
  ['{}', 0],
  ['[]', 0],
  ['"a:b"', 0],
  ['{"a":1}', 1],
  ['{"a" \t\r\n:1}', 1],
  ['{"a\\"":"\\\\","b\\\\":1}', 2],
  ['["a",":",{":":":"}]', 1],
])('%s has %i keys', (text, keys) => {
  expect(countWrittenKeys(Buffer.from(text))).toBe(keys)
})

test('a key that comes twice anywhere is refused, however many keys a reader met', () => {
  const check = (text: string, met: number): void => refuseRepeatedKeys(parseJson(Buffer.from(text)), met)
  expect(() => check('{"a":{"b":1,"c":2}}', 1)).not.toThrow()
  expect(() => check('{"a":{"b":1,"b":2}}', 1)).toThrow('same key twice')
  expect(() => check('{"a":[{"b":1},{"b":1,"\\u0062":2}]}', 0)).toThrow('same key twice')
})

test('a million open brackets are refused, not a crash', () => {
  expect(() => parseJson(Buffer.from('['.repeat(1_000_000)))).toThrow('not valid JSON')
})
