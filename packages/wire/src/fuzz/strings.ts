import fc from 'fast-check'
import type { SimpleShape } from '../model/model.ts'
import { compilePattern } from '../reading/constraints.ts'

/** Beyond a shape's minimum, strings grow by at most this: length limits have tests of their own. */
const EXTRA_LENGTH = 12
const ALPHABET = [
  ...Array.from('abyzABYZ0189 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
  '\t',
  '\n',
  '\r',
  'é',
  'ሴ',
  '日',
  '😀',
]

/** Patterns that look ahead, which the generator of strings cannot read. */
const WRITTEN_OUT: readonly (readonly [start: string, strings: fc.Arbitrary<string>])[] = [
  ['^(((?!-)[A-Za-z0-9-]{0,62}', fc.constantFrom('search.example.org', 'logs.a-1.example.org')],
  ['^$|^https://(?!', fc.constantFrom('', 'https://keys.example.org/jwks.json')],
  ['jdbc:(redshift|postgresql)', fc.constant('jdbc:redshift://a.b.redshift.amazonaws.com:5439/db')],
  [
    'arn:.*:glue:',
    fc.constantFrom('arn:aws:glue:us-east-1:123456789012:catalog', 'arn:aws:glue:eu-west-1:123456789012:catalog/a/b'),
  ],
  [String.raw`^(?!\s*$).+`, fc.stringMatching(/^[!-~][ -~]{0,10}$/)],
  ['^(?!aws:)', fc.stringMatching(/^[b-z][a-z0-9 _.:/=+@%-]{0,8}$/)],
]

/** Strings that a shape takes: in its enum, or of its pattern and length. */
export function stringArbitrary(shape: SimpleShape): fc.Arbitrary<string> {
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum)
  const minLength = shape.min ?? 0
  const maxLength = Math.min(shape.max ?? Infinity, minLength + EXTRA_LENGTH)
  if (shape.pattern === undefined) return fc.string({ unit: fc.constantFrom(...ALPHABET), minLength, maxLength })
  const pattern = compilePattern(shape.pattern)
  // Most patterns are one repeated class: its characters are those that match when repeated.
  const units = ALPHABET.filter((char) => char.length === 1 && pattern.test(char.repeat(Math.max(minLength, 1))))
  if (units.length > 0) {
    return fc
      .string({ unit: fc.constantFrom(...units), minLength: Math.max(minLength, 1), maxLength })
      .map((text) => (pattern.test(text) ? text : (units[0] ?? '').repeat(Math.max(minLength, 1))))
  }
  const written = WRITTEN_OUT.find(([start]) => shape.pattern?.startsWith(start) === true)?.[1]
  if (written !== undefined) return written
  return fc
    .stringMatching(pattern, { maxLength: Math.min(shape.max ?? 200, 200) })
    .filter((text) => text.length >= minLength && pattern.test(text))
}
