import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWrittenStrings } from './strings.ts'

function stringsOf(value: unknown): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  return (
    (Array.isArray(value) ? 0 : children.length) + children.reduce((sum: number, child) => sum + stringsOf(child), 0)
  )
}

/** The text at a place of a buffer that begins `shift` bytes after a multiple of four. */
function placed(text: string, shift: number): Buffer {
  const bytes = Buffer.from(text)
  const all = Buffer.alloc(bytes.length + 8, '"')
  bytes.copy(all, shift)
  return all.subarray(shift, shift + bytes.length)
}

/** So long that it is asked first whether there is a backslash at all. */
const LONG = ' '.repeat(1_024)
const shift = fc.nat({ max: 3 })
const space = fc.constantFrom(undefined, 1, '\t')

test('the strings of any JSON text are counted, whatever they hold, however it is spaced and wherever it lies', () => {
  const nasty = fc.stringMatching(/^[":\\{},[\] a\n]*$/)
  const value = fc
    .jsonValue({ maxDepth: 4 })
    .chain((json) => fc.tuple(fc.constant(json), fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty)))))
  fc.assert(
    fc.property(value, space, fc.constantFrom('', LONG), shift, (tree, spacing, around, at) => {
      const text = JSON.stringify(tree, null, spacing)
      expect(countWrittenStrings(placed(around + text, at))).toBe(stringsOf(JSON.parse(text)))
    }),
    { seed: 11, numRuns: 1_000 },
  )
})

test('so are those of a text without a backslash, which is looked at in larger steps', () => {
  const plain = fc.stringMatching(/^[:{},[\] a\u0021\u0023é😀\u00a2]*$/u)
  fc.assert(
    fc.property(fc.array(fc.dictionary(plain, plain)), space, fc.nat({ max: 20 }), shift, (tree, spacing, more, at) => {
      const text = LONG + ' '.repeat(more) + JSON.stringify(tree, null, spacing)
      expect(countWrittenStrings(placed(text, at))).toBe(stringsOf(tree))
    }),
    { seed: 13, numRuns: 1_000 },
  )
})

test.each([
  ['{}', 0],
  ['[]', 0],
  ['"a:b"', 1],
  ['{"a":1}', 1],
  ['{"a" \t\r\n:1}', 1],
  ['{"a\\"":"\\\\","b\\\\":1}', 3],
  ['["a",":",{":":":"}]', 4],
  ['["\\\\\\"","\\\\\\\\","\\u0022"]', 3],
])('%s has %i strings', (text, strings) => {
  for (const around of ['', LONG])
    for (let at = 0; at < 4; at++) expect(countWrittenStrings(placed(around + text, at))).toBe(strings)
})

test('each byte of a word is told from a quote that differs in one bit', () => {
  for (let byte = 0; byte < 256; byte++) {
    if (byte === 0x5c) continue
    for (let place = 0; place < 16; place++) {
      const bytes = Buffer.alloc(2_048, 0x20)
      bytes[place] = byte
      bytes[place + 1] = byte
      expect(countWrittenStrings(bytes) + countWrittenStrings(bytes.subarray(0, 64))).toBe(byte === 0x22 ? 2 : 0)
    }
  }
})
