import { CborTimestamp } from '../../cbor/timestamp.ts'
import type { Random } from './random.ts'

/** Values of every type, and those just beyond what a type holds; text that other readers take for more than text. */
const WRONG_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 + 2,
  2 ** 64,
  -(2 ** 70),
  1e308,
  '',
  'x',
  'true',
  '12',
  'NaN',
  'Infinity',
  '-Infinity',
  'not base64!',
  'QQ=',
  'Q===',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  'Sat, 99 Foo 2026 10:00:00 GMT',
  '__proto__',
  'a\u0000b',
  '\ud800',
  '\ud83d\ude00'.repeat(300),
  [],
  [null],
  [[]],
  {},
  { x: null },
  { constructor: { prototype: { polluted: true } } },
  { toString: 'x', hasOwnProperty: 1, valueOf: true },
]
const LONG_LIST = 12_000
const LONG_TEXT = 300_000

/** A copy, since what stands in a tree may be made wrong once more. */
const wrongValue = (random: Random): unknown => structuredClone(random.pick(WRONG_VALUES))

/** A place in a tree: what holds it, and under which key. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[]
  readonly key: string | number
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof CborTimestamp)

/** Makes one place of a tree wrong, in place. @returns the tree, or what stands instead of it */
export function wrongTree(tree: unknown, random: Random): unknown {
  const places = placesOf(tree)
  if (places.length === 0 || random.once(20)) return wrongValue(random)
  const { holder, key } = random.pick(places)
  const slots = holder as Record<string | number, unknown>
  switch (random.int(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete holder[key]
      break
    case 1:
      slots[key] = [slots[key]]
      break
    case 2:
      slots[key] = { [random.pick(['x', 'member', String(key)])]: slots[key] }
      break
    case 3:
      if (Array.isArray(holder)) holder.push(...Array.from({ length: copiesOf(slots[key]) }, () => slots[key]))
      else slots[key] = random.once(4) ? 'a'.repeat(LONG_TEXT) : wrongValue(random)
      break
    case 4:
      slots[key] = otherType(slots[key])
      break
    case 5:
      if (isObject(holder)) poison(holder, random)
      else slots[key] = null
      break
    default:
      slots[key] = wrongValue(random)
  }
  return tree
}

/** How often an item stands in a long list: one that is long itself only once more, or its text outgrows all strings. */
const copiesOf = (item: unknown): number => Math.ceil(LONG_LIST / (placesOf(item).length + 1))

/** Gives an object a key that the language itself has a meaning for, as its own. */
function poison(holder: Record<string, unknown>, random: Random): void {
  const value = { polluted: true, toString: null }
  Object.defineProperty(holder, random.pick(['__proto__', 'constructor', 'prototype', 'toJSON', 'length']), {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

/** The same content in another type: what a careless client sends. */
function otherType(value: unknown): unknown {
  if (typeof value === 'string') return value.length % 2 === 0 ? Number(value) || 7 : { value }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return Object.fromEntries(value.map((item, index) => [String(index), item as unknown]))
  if (value instanceof Uint8Array) return [...value]
  if (value instanceof CborTimestamp) return value.seconds
  return isObject(value) ? Object.values(value) : {}
}

function placesOf(tree: unknown): readonly Place[] {
  const places: Place[] = []
  const visit = (holder: unknown): void => {
    if (Array.isArray(holder)) {
      for (const [key, item] of holder.entries()) {
        places.push({ holder, key })
        visit(item)
      }
    } else if (isObject(holder)) {
      for (const [key, item] of Object.entries(holder)) {
        places.push({ holder, key })
        visit(item)
      }
    }
  }
  visit(tree)
  return places
}
