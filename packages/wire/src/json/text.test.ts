import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, refuseRepeatedKeys } from './text.ts'

const check = (text: string, met: number): void => refuseRepeatedKeys(parseJson(Buffer.from(text)), met)

test('a key that comes twice anywhere is refused, however many strings a reader met', () => {
  expect(() => check('{"a":{"b":1,"c":2}}', 1)).not.toThrow()
  expect(() => check('{"a":{"b":1,"b":2}}', 1)).toThrow('same key twice')
  expect(() => check('{"a":{"b":1,"b":2}}', 2)).toThrow('same key twice')
  expect(() => check('{"a":[{"b":1},{"b":1,"\\u0062":2}]}', 0)).toThrow('same key twice')
  expect(() => check('{"a":"","a":""}', 2)).toThrow('same key twice')
})

/** Objects as lists of members, so that a key can come twice; text with what counting could stumble over. */
const text = fc.stringMatching(/^["\\: a😀\n]{0,4}$/u)
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(null, true, 1, -0.5),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('tree')), { maxLength: 4 }).map((members) => ({ members })),
  ),
}))
type Tree =
  | string
  | number
  | boolean
  | null
  | readonly Tree[]
  | { readonly members: readonly (readonly [string, Tree])[] }

function write(value: Tree): string {
  if (Array.isArray(value)) return `[${value.map(write).join(' ,')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const { members } = value as { readonly members: readonly (readonly [string, Tree])[] }
  return `{${members.map(([key, item]) => `${JSON.stringify(key)} :${write(item)}`).join(',')}}`
}

function repeats(value: Tree): boolean {
  if (Array.isArray(value)) return value.some(repeats)
  if (typeof value !== 'object' || value === null) return false
  const { members } = value as { readonly members: readonly (readonly [string, Tree])[] }
  return new Set(members.map(([key]) => key)).size < members.length || members.some(([, item]) => repeats(item))
}

test('what is refused has a key twice, and what has one is refused', () => {
  let refused = 0
  fc.assert(
    fc.property(tree, (value) => {
      const twice = repeats(value)
      if (twice) refused++
      if (twice) expect(() => check(write(value), -1)).toThrow('same key twice')
      else check(write(value), -1)
    }),
    { seed: 71, numRuns: 1_000 },
  )
  expect(refused).toBeGreaterThan(50)
})

test('a million open brackets are refused, not a crash', () => {
  expect(() => parseJson(Buffer.from('['.repeat(1_000_000)))).toThrow('not valid JSON')
})

test('a body that is a part of a larger buffer, or no Buffer, is read as it is', () => {
  const all = Buffer.from('xx{"a":"é"}xx')
  const part = new Uint8Array(all.buffer, all.byteOffset + 2, 10)
  expect(parseJson(part).value).toEqual({ a: 'é' })
  expect(() => refuseRepeatedKeys(parseJson(part), 2)).not.toThrow()
})
