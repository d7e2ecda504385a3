import { decodeCbor } from '../../cbor/decode.ts'
import { encodeCbor } from '../../cbor/encode.ts'
import { inserted, plain } from './mutate-bytes.ts'
import { isObject, wrongTree } from './mutate-tree.ts'
import { type Mutation, withBody } from './mutation.ts'
import type { Random } from './random.ts'

const DEPTH = 10_000
/** Items that no request may hold, by what is wrong with them. */
const ITEMS = [
  '1c',
  '1d',
  '3e',
  '5c',
  'fc',
  'ff',
  'f8ff',
  'f818',
  'e0',
  // Declared lengths that do not follow: 2^32 - 1 bytes, 2^63 characters, items and entries.
  '5affffffff',
  '7b8000000000000000',
  '9b7fffffffffffffff',
  'bb00000000ffffffff',
  // Indefinite: pieces of another kind, inside of each other, without an end.
  '5f6161ff',
  '7f4100ff',
  '7f7f6161ffff',
  '9f9f9f',
  'bf6161',
  'bf616101616102ff',
  '5f40404040ff',
  // Tags: big numbers, dates as text, one on the other.
  'c249010000000000000000',
  'c074323031332d30332d32315432303a30343a30305a',
  'c1c1c100',
  'c1f97e00',
  'c1fb7ff0000000000000',
  'd9d9f7a0',
  'f97e00',
  'fb7ff8000000000000',
  'f7',
  '62c0af',
  '63eda080',
].map((hex) => Buffer.from(hex, 'hex'))
const NESTED = ['81', 'a16161', 'c1', '9f', 'bf6161'].map((hex) =>
  Buffer.concat(Array.from({ length: DEPTH }, () => Buffer.from(hex, 'hex'))),
)

/** Mutations of a body that is a CBOR map. */
export const CBOR_MUTATIONS: readonly Mutation[] = [
  ofCbor('a value of another type', (body, random) => encodeCbor(wrongTree(decodeCbor(body), random) ?? null)),
  ofCbor('an item that may not be there', (body, random) =>
    inserted(body, random.int(body.length + 1), random.pick(ITEMS)),
  ),
  ofCbor('an item instead of all', (_body, random) => random.pick(ITEMS)),
  ofCbor('a member that may not be there', (body, random) => withMember(body, random.pick(ITEMS))),
  ofCbor('nested', (body, random) => withMember(body, random.pick(NESTED))),
  ofCbor('an initial byte of another kind', (body, random) => {
    const changed = Buffer.from(body)
    const at = random.int(body.length)
    changed[at] = ((changed[at] ?? 0) ^ (1 << (5 + random.int(3)))) & 0xff
    return changed
  }),
  ofCbor('more follows', (body, random) => Buffer.concat([body, random.pick(ITEMS)])),
  ofCbor('the same key twice', (body) => withEntry(body, firstKey(body), Buffer.from([0xf6]))),
  ofCbor('a key that is no text', (body, random) =>
    withEntryBytes(body, random.pick(['01', 'f6', '4161', '80']), Buffer.from([0xf6])),
  ),
  ofCbor('a key the language knows', (body) =>
    withEntry(body, '__proto__', Buffer.from('a168706f6c6c75746564f5', 'hex')),
  ),
]

function ofCbor(name: string, change: (body: Buffer, random: Random) => Uint8Array): Mutation {
  return {
    name: `CBOR: ${name}`,
    mutate: (request, random) =>
      request.protocol === 'rpc-v2-cbor' && request.body.length > 0
        ? withBody(request, change(plain(request), random))
        : undefined,
  }
}

const withMember = (body: Buffer, item: Uint8Array): Buffer => withEntry(body, firstKey(body), item, true)

function firstKey(body: Buffer): string {
  const tree = decodeCbor(body)
  return (isObject(tree) ? Object.keys(tree)[0] : undefined) ?? 'Namespace'
}

/** A map of indefinite length: one entry as given, and those that were there, but for that key when it is replaced. */
function withEntry(body: Buffer, key: string, item: Uint8Array, replaces = false): Buffer {
  const tree = decodeCbor(body) as Record<string, unknown>
  const rest = replaces ? Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key)) : tree
  return withEntryBytes(Buffer.from(encodeCbor(rest)), Buffer.from(encodeCbor(key)).toString('hex'), item)
}

/** Our own writer gives maps of up to 23 entries one byte for their size; others are left as they are. */
function withEntryBytes(map: Buffer, key: string, item: Uint8Array): Buffer {
  const [initial = 0] = map
  if (initial < 0xa0 || initial >= 0xb7) return map
  return Buffer.concat([Buffer.from([initial + 1]), Buffer.from(key, 'hex'), item, map.subarray(1)])
}
