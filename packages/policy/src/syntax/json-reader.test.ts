import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonNode } from './json-node.ts'
import { JsonError, MAX_DEPTH, readJson } from './json-reader.ts'

/** The value that a node stands for. */
function valueOf(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries([...node.members].map(([key, member]) => [key, valueOf(member)]))
    case 'array':
      return node.items.map(valueOf)
    case 'string':
      return node.text
    case 'number':
    case 'boolean':
    case 'null':
      return JSON.parse(node.text)
    default:
      return node satisfies never
  }
}

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(valueOf(readJson(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('accepts and refuses the same texts as JSON.parse, but for keys that appear twice', () => {
  const scrap = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-',
    '0',
    '.5',
    'e3',
    'true',
    'null',
    ' ',
    '"',
    '\\',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 8 }), (scraps) => {
      const text = scraps.join('')
      const outcome = read(() => readJson(text))
      if (outcome instanceof JsonError && outcome.message.includes('twice')) return
      expect(outcome instanceof JsonError).toBe(read(() => JSON.parse(text)) instanceof SyntaxError)
    }),
    { numRuns: 5_000 },
  )
})

/** Any UTF-16 unit, also half of a pair. */
const anyUnit = fc.nat(0xff_ff).map((code) => String.fromCharCode(code))

/** What JSON is made of, so that some texts get far. */
const JSON_UNITS = ['{', '}', '[', ']', '"', ',', ':', '\\', 'u', '0', '1', 'e', '-', '.'] as const

test('never throws anything but JsonError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(anyUnit, fc.constantFrom(...JSON_UNITS)) }), (text) => {
      const outcome = read(() => readJson(text))
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(JsonError)
    }),
    { seed: 9, numRuns: 500 },
  )
})

test('refuses a key that appears twice, also when it is written with escapes', () => {
  expect(() => readJson('{"a":1,"\\u0061":2}')).toThrow('the key "a" appears twice')
})

test('keeps keys that objects of the language use for themselves', () => {
  const node = readJson('{"__proto__":1,"constructor":2}')
  expect(node.type === 'object' && [...node.members.keys()]).toEqual(['__proto__', 'constructor'])
})

test('bounds the depth before it recurses', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(() => readJson(nested(MAX_DEPTH + 1))).not.toThrow()
  expect(() => readJson(nested(MAX_DEPTH + 2))).toThrow(JsonError)
  expect(() => readJson('['.repeat(100_000))).toThrow(JsonError)
})

test('knows where every value stands', () => {
  const node = readJson(' {"a": [1, "x"]} ')
  if (node.type !== 'object') throw new Error('an object was expected')
  const list = node.members.get('a')
  expect([node.start, node.end, list?.start, list?.end]).toEqual([1, 16, 7, 15])
})

function read(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
