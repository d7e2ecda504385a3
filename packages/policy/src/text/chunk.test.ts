import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkOf, chunkStandsAt, findChunk } from './chunk.ts'

const wildAt = (text: string): readonly boolean[] => text.split('').map((character) => character === '?')

/** The first place by trying each. */
function slowFind(pattern: string, text: string, from: number, end: number): number {
  for (let at = from; at + pattern.length <= end; at += 1) {
    const stands = pattern.split('').every((character, i) => character === '?' || text[at + i] === character)
    if (stands) return at
  }
  return -1
}

// One search for short chunks and one for long ones, each with and without `?`; words have 32 bits.
describe.each([1, 2, 31, 32, 33, 63, 64, 65, 96, 100])('chunks of %d characters', (length) => {
  const chunkText = (alphabet: readonly string[]): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length })
  const padding = fc.string({ unit: fc.constantFrom('a', 'a', 'b'), maxLength: 80 })

  test.each([
    ['without question marks', ['a', 'a', 'a', 'b']],
    ['with question marks', ['a', 'a', 'b', '?']],
  ])('%s are found at their first place within the bounds', (_, alphabet) => {
    fc.assert(
      fc.property(chunkText(alphabet), padding, padding, fc.nat(5), fc.nat(5), (pattern, before, after, from, cut) => {
        const text = before + pattern.replaceAll('?', 'a') + after
        const end = Math.max(0, text.length - cut)
        const chunk = chunkOf(pattern, wildAt(pattern))
        const found = findChunk(chunk, text, from, end)
        expect(found).toBe(slowFind(pattern, text, from, end))
        if (found >= 0) expect(chunkStandsAt(chunk, text, found)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

test('a chunk does not stand beyond the end of the text', () => {
  expect(chunkStandsAt(chunkOf('a?', [false, true]), 'xa', 1)).toBe(false)
  expect(chunkStandsAt(chunkOf('ab', [false, false]), 'xa', 1)).toBe(false)
})
