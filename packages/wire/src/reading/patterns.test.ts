import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern } from './constraints.ts'
import { LINEAR_EQUIVALENTS } from './patterns.ts'

/** What tells the two patterns of a pair apart, if anything does: pieces of both, and characters at the ends of their classes. */
const PIECES = [
  ...[
    'arn:',
    'arn:aws',
    'arn:aws-cn',
    ':events:',
    ':glue:',
    'glue:',
    ':',
    '::',
    '/',
    '//',
    'us-east-1',
    ':123456789012:',
  ],
  ...[
    '123456789012',
    ':catalog',
    'catalog',
    '/db',
    '/db/table',
    'a',
    'Z',
    '0',
    '-',
    '_',
    ' ',
    '\t',
    '!',
    '~',
    '\n',
    '\r',
  ],
  ...['\u0000', '\u0008', '\u001f', '\u007f', '\u0080', '\u2028', '\ud800', 'é', '😀'],
]
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''))

describe.each([...LINEAR_EQUIVALENTS])('%s', { timeout: 60_000 }, (modelled, linear) => {
  const original = new RegExp(`^(?:${modelled})$`, modelled.includes(String.raw`\-`) ? '' : 'u')
  const starts = ['', 'arn:aws:events:us-east-1:123456789012:', 'arn:aws:glue:us-east-1:123456789012:catalog', 'arn:']

  test('takes the same strings', () => {
    const counts = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(fc.constantFrom(...starts), texts, (start, rest) => {
        const text = start + rest
        const expected = original.test(text)
        counts[expected ? 'taken' : 'refused']++
        expect(compilePattern(modelled).test(text)).toBe(expected)
      }),
      { seed: 41, numRuns: 5_000 },
    )
    // A property that only ever sees one of the two answers shows nothing.
    expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(20)
  })

  test('takes the same of all short strings of its characters', () => {
    const characters = [' ', '\t', '!', ':', '/', '\n']
    const all = (length: number): readonly string[] =>
      length === 0 ? [''] : all(length - 1).flatMap((text) => characters.map((char) => text + char))
    for (const length of [0, 1, 2, 3, 4, 5])
      for (const end of all(length))
        for (const start of starts)
          if (original.test(start + end) !== compilePattern(modelled).test(start + end))
            expect([start + end, linear]).toEqual([])
  })
})
