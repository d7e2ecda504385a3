import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileGlob, compileGlobPieces, matchGlob } from './glob.ts'
import type { Meter } from './meter.ts'
import type { Piece } from './piece.ts'

/** Plainly right and slow: a table over every prefix of pattern and text. */
function slowMatch(pieces: readonly Piece[], text: string): boolean {
  const tokens = pieces.flatMap(({ text: piece, literal }) =>
    piece.split('').map((character) => ({ character, wild: !literal && (character === '*' || character === '?') })),
  )
  let row = Array.from({ length: text.length + 1 }, (_, i) => i === 0)
  for (const { character, wild } of tokens) {
    const next: boolean[] = []
    for (let i = 0; i <= text.length; i += 1) {
      if (wild && character === '*') next.push(row[i] === true || (i > 0 && next[i - 1] === true))
      else next.push(i > 0 && row[i - 1] === true && (wild || text[i - 1] === character))
    }
    row = next
  }
  return row[text.length] === true
}

const letters = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), maxLength })
const pieces = (maxLength: number): fc.Arbitrary<readonly Piece[]> =>
  fc.array(fc.record({ text: letters('ab*?', maxLength), literal: fc.boolean() }), { minLength: 1, maxLength: 4 })

function stepsOf(pattern: string, text: string): number {
  const meter: Meter = { steps: 0 }
  matchGlob(compileGlob(pattern), text, meter)
  return meter.steps
}

test('agrees with a slow reference on short patterns', () => {
  fc.assert(
    fc.property(pieces(6), letters('ab*?', 12), (pattern, text) => {
      expect(matchGlob(compileGlobPieces(pattern), text)).toBe(slowMatch(pattern, text))
    }),
    { numRuns: 3_000 },
  )
})

test('agrees with a slow reference on chunks that are longer than a word', () => {
  const chunk = letters('aab', 80).map((text) => text.padEnd(40, 'ab'))
  const wildChunk = letters('aaab?', 80).map((text) => text.padEnd(40, 'a?'))
  fc.assert(
    fc.property(fc.oneof(chunk, wildChunk), letters('aab', 30), letters('aab', 30), (middle, before, after) => {
      const pattern: readonly Piece[] = [{ text: `*${middle}*`, literal: false }]
      const hit = before + middle.replaceAll('?', 'b') + after
      expect(matchGlob(compileGlobPieces(pattern), hit)).toBe(true)
      const near = before + middle.replaceAll('?', 'b').slice(1) + after
      expect(matchGlob(compileGlobPieces(pattern), near)).toBe(slowMatch(pattern, near))
    }),
    { numRuns: 300 },
  )
})

test('a pattern of literal pieces matches its own text only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, other) => {
      const glob = compileGlobPieces([
        { text: 'a/', literal: false },
        { text: value, literal: true },
      ])
      expect(matchGlob(glob, `a/${value}`)).toBe(true)
      expect(matchGlob(glob, `a/${other}`)).toBe(value === other)
    }),
  )
})

test.each([
  ['*', '', true],
  ['**', 'anything', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*ab*ab', 'ab', false],
  ['a**b', 'ab', true],
  ['a\nb', 'a\nb', true],
  ['.*', 'ab', false],
  ['[ab]', 'a', false],
])('%j on %j is %s', (pattern, text, matches) => {
  expect(matchGlob(compileGlob(pattern), text)).toBe(matches)
})

describe('cost', () => {
  const text = 'a'.repeat(2_048)
  const filled = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

  test.each([
    ['many stars', (length: number) => `${filled('*a', length)}b`],
    ['many stars and question marks', (length: number) => `${filled('*?a', length)}b`],
    ['one long chunk that nearly matches everywhere', (length: number) => `*${filled('a', length)}b*`],
    ['long chunks that nearly match everywhere', (length: number) => filled(`*${'a'.repeat(60)}`, length) + 'b*'],
    ['short chunks that nearly match everywhere', (length: number) => `*${filled('aaaaaaaaab*', length)}`],
  ])('%s: grows no faster than pattern and text together', (_, pattern) => {
    for (const length of [256, 512, 1_024, 2_040, 6_144]) {
      expect(stepsOf(pattern(length), text)).toBeLessThanOrEqual(40 * (length + text.length))
    }
  })

  test('a long chunk with question marks costs a thirty-second of text times chunk', () => {
    for (const length of [256, 1_024, 2_000]) {
      const pattern = `*${filled('a?', length)}b*`
      expect(stepsOf(pattern, text)).toBeLessThanOrEqual((text.length * (length + 64)) / 32 + length)
    }
  })

  test('a hostile pattern costs no more than a harmless one of its length that matches as far', () => {
    const hostile = filled('*a', 6_144)
    const harmless = `${filled('a', 2_000)}*${filled('a', 4_143)}`
    expect(stepsOf(hostile, text)).toBeLessThanOrEqual(stepsOf(harmless, filled('a', 6_143)) * 2)
  })
})
