import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexJson, scanJson } from './scan.ts'

function stringsOf(value: unknown): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  return (
    (Array.isArray(value) ? 0 : children.length) + children.reduce((sum: number, child) => sum + stringsOf(child), 0)
  )
}

/** The text as a part of a buffer that is full of quotes. */
function placed(text: string): Buffer {
  const bytes = Buffer.from(text)
  const all = Buffer.alloc(bytes.length + 32, '"')
  bytes.copy(all, 7)
  return all.subarray(7, 7 + bytes.length)
}

const stringsIn = (text: string): number => scanJson(placed(text)).strings

/** Blanks before a text, so that each part of it comes to lie at each place of a block, and across two parts of a large body. */
const around = fc.oneof(fc.nat({ max: 15 }), fc.integer({ min: 65_500, max: 65_536 }))
const space = fc.constantFrom(undefined, 1, '\t')

test('the strings of any JSON text are counted, whatever they hold, however it is spaced and wherever it lies', () => {
  const nasty = fc.stringMatching(/^[":\\{},[\] a\n]*$/)
  const value = fc
    .jsonValue({ maxDepth: 4 })
    .chain((json) => fc.tuple(fc.constant(json), fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty)))))
  fc.assert(
    fc.property(value, space, around, (tree, spacing, blanks) => {
      const text = JSON.stringify(tree, null, spacing)
      expect(stringsIn(' '.repeat(blanks) + text)).toBe(stringsOf(JSON.parse(text)))
    }),
    { seed: 11, numRuns: 1_000 },
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
  for (const base of [0, 65_500]) {
    for (let blanks = base; blanks < base + 40; blanks++) expect(stringsIn(' '.repeat(blanks) + text)).toBe(strings)
  }
})

test('no byte but the quote is taken for one, at any place of a block', () => {
  for (let byte = 0; byte < 256; byte++) {
    if (byte === 0x5c) continue
    for (let place = 0; place < 32; place++) {
      const bytes = Buffer.alloc(48, 0x20)
      bytes[place] = byte
      bytes[place + 1] = byte
      expect(scanJson(bytes)).toEqual({ strings: byte === 0x22 ? 1 : 0, ascii: byte < 0x80 })
    }
  }
})

test('what lies behind the end of a text is neither counted nor looked at', () => {
  scanJson(Buffer.alloc(65_536, '"é\\'))
  for (let length = 0; length < 40; length++)
    expect(scanJson(Buffer.alloc(length, 'a'))).toEqual({ strings: 0, ascii: true })
})

test('a character that is not ASCII is seen in every part of a large body', () => {
  for (const at of [0, 65_535, 65_536, 131_071, 131_072, 200_000]) {
    const bytes = Buffer.alloc(200_001, 'a')
    bytes[at] = 0xc3
    expect(scanJson(bytes).ascii).toBe(false)
  }
  expect(scanJson(Buffer.alloc(200_001, 'a')).ascii).toBe(true)
})

/** Where quotes stand that no backslash escapes, and backslashes that escape, read sign by sign. */
function placesIn(text: string): { readonly quotes: number[]; readonly escapes: number[] } {
  const quotes: number[] = []
  const escapes: number[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') escapes.push(at++)
    else if (text[at] === '"') quotes.push(at)
  }
  return { quotes, escapes }
}

test('the places of quotes and escapes are told, at every place of a block and across parts of a large body', () => {
  const aroundParts = fc.oneof(
    fc.nat({ max: 15 }),
    fc.integer({ min: 960, max: 1_024 }),
    fc.integer({ min: 66_480, max: 66_560 }),
  )
  const signs = fc.stringMatching(/^["\\a ]{0,60}$/)
  fc.assert(
    fc.property(signs, aroundParts, (text, blanks) => {
      // No more escapes than quotes, up to wherever it is looked.
      const bytes = placed('"'.repeat(30) + ' '.repeat(blanks) + text)
      const { quotes, escapes } = placesIn(bytes.toString())
      const found = indexJson(bytes)
      expect(Array.from(found?.quotes ?? [])).toEqual(quotes)
      expect(Array.from(found?.escapes ?? [])).toEqual([...escapes, 0xffff_ffff])
    }),
    { seed: 12, numRuns: 1_000 },
  )
})

test.each([
  ['a control character', `${'a'.repeat(70_000)}\t`],
  ['more quotes than are kept', '"'.repeat(65_537)],
  ['more escapes than quotes', `""${'\\"'.repeat(2)}\\`],
  ['more escapes than quotes in all its parts', `""""${' '.repeat(70_000)}${'\\"'.repeat(4)}\\`],
])('a text with %s has no index', (_what, text) => {
  expect(indexJson(Buffer.from(text.slice(0, -1)))).toBeDefined()
  expect(indexJson(Buffer.from(text))).toBeUndefined()
})

test('an index tells whether all is ASCII', () => {
  expect(indexJson(Buffer.from('"a"'))?.ascii).toBe(true)
  expect(indexJson(Buffer.from(`"${'a'.repeat(70_000)}é${'a'.repeat(70_000)}"`))?.ascii).toBe(false)
})
