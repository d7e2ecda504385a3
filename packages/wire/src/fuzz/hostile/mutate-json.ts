import { plainText } from './mutate-bytes.ts'
import { wrongTree } from './mutate-tree.ts'
import { type Mutation, withBody } from './mutation.ts'
import type { Random } from './random.ts'

const DEPTH = 10_000
/** What is no JSON, and what JSON.parse takes without a member being of that value. */
const TOKENS = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '01',
  '.5',
  '+1',
  '0x10',
  'undefined',
  "'x'",
  '9223372036854775808',
  '-9223372036854775809',
  '0.1e-400',
  '"\\ud800"',
  '"\\u0000"',
  '"\\x"',
  '"a\nb"',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '/**/1',
  '1 2',
  `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
  '['.repeat(DEPTH),
]

/** Mutations of a body that is a JSON object. */
export const JSON_MUTATIONS: readonly Mutation[] = [
  ofJson('a value of another type', (text, random) => written(wrongTree(JSON.parse(text), random))),
  ofJson('two values of another type', (text, random) =>
    written(wrongTree(wrongTree(JSON.parse(text), random), random)),
  ),
  ofJson('a value that is none', (text, random) => atValue(text, random, () => random.pick(TOKENS))),
  ofJson('the same key twice', (text, random) => atKey(text, random, (key) => `${key}:null,${key}`)),
  ofJson('the same key twice, once escaped', (text, random) =>
    atKey(text, random, (key) => `"\\u${key.charCodeAt(1).toString(16).padStart(4, '0')}${key.slice(2)}:null,${key}`),
  ),
  ofJson('a key the language knows', (text, random) =>
    atKey(text, random, (key) => `"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${key}`),
  ),
  ofJson('a key of another case', (text, random) => atKey(text, random, (key) => key.toUpperCase())),
  ofJson('more follows', (text, random) => `${text}${random.pick([',', '}', ']', 'null', '{}', '\u0000', text])}`),
  ofJson('nested in lists', (text, random) => rarely(random, () => `${'['.repeat(DEPTH)}${text}${']'.repeat(DEPTH)}`)),
  ofJson('nested where nobody looks', (text, random) =>
    rarely(random, () => text.replace(/^\{/, () => `{"unknown":${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)},`)),
  ),
]

function ofJson(name: string, change: (text: string, random: Random) => string | undefined): Mutation {
  return {
    name: `JSON: ${name}`,
    mutate(request, random) {
      if (!/json/.test(request.protocol)) return undefined
      const text = plainText(request)
      const changed = text.startsWith('{') && text.length > 2 ? change(text, random) : undefined
      return changed === undefined ? undefined : withBody(request, changed)
    },
  }
}

/** For what costs milliseconds to read. */
const rarely = <T>(random: Random, make: () => T): T | undefined => (random.once(5) ? make() : undefined)

const written = (tree: unknown): string => JSON.stringify(tree) ?? ''

/** Changes one key of an object, or does nothing when it has none. */
function atKey(text: string, random: Random, change: (key: string) => string): string {
  const keys = [...text.matchAll(/"[^"\\]+"(?=:)/g)]
  const key = random.pick(keys)
  return key === undefined
    ? text
    : `${text.slice(0, key.index)}${change(key[0])}${text.slice(key.index + key[0].length)}`
}

/** Writes something else in the place of a member's value, which may be cut in the middle. */
function atValue(text: string, random: Random, value: () => string): string {
  const starts = [...text.matchAll(/"[^"\\]+":("[^"\\]*"|[^[{"\\,}\]]+)/g)]
  const start = random.pick(starts)
  if (start === undefined) return value()
  const from = start.index + start[0].length - (start[1] ?? '').length
  return `${text.slice(0, from)}${value()}${text.slice(start.index + start[0].length)}`
}
