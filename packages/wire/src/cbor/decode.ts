import { MAX_DEPTH, Malformed } from '../reading/cursor.ts'
import { CborSource } from './source.ts'
import { CborTimestamp } from './timestamp.ts'

/** A megabyte of one-byte items, more than any modelled input; each may become an object of 60 bytes. */
const MAX_ITEMS = 1_000_000
/** The additional information of strings, lists and maps that end with a break instead of a length. */
const INDEFINITE = 31
const EPOCH_SECONDS = 1
/** Positions in a map whose last key is remembered; no structure that comes in great numbers has more. */
const MAX_REMEMBERED = 32
/** Major types, the upper three bits of an item's first byte. */
const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const LIST = 4
const MAP = 5
const TAG = 6
const SIMPLE = 7

/**
 * Reads one CBOR item (RFC 8949), as far as Smithy's RPC v2 uses it: maps become objects, byte strings `Uint8Array`
 * copies, tag 1 {@link CborTimestamp}, undefined null; 64-bit integers beyond 2^53 are rounded. Keys must be text and come
 * once. Tags but the first are refused: those for large numbers, because no member has such a type.
 * @throws Malformed when it cannot be read; messages never quote it.
 */
export function decodeCbor(body: Uint8Array): unknown {
  const decoder = new Decoder(body)
  const value = decoder.item(0)
  decoder.finish()
  return value
}

type Fields = Record<string, unknown>

class Decoder {
  readonly #source: CborSource
  /** By depth and position, the keys met last: the maps of a list mostly have the same. */
  readonly #keys: string[][] = []
  #items = 0

  constructor(body: Uint8Array) {
    this.#source = new CborSource(body)
  }

  finish(): void {
    if (!this.#source.isAtEnd()) this.#source.fail('more follows its first item')
  }

  item(depth: number): unknown {
    this.#count()
    return this.#value(this.#source.byte(), depth)
  }

  #count(): void {
    if (++this.#items > MAX_ITEMS) throw new Malformed(`The CBOR has more than ${String(MAX_ITEMS)} items`, '')
  }

  #value(initial: number, depth: number): unknown {
    const source = this.#source
    const info = initial & 0x1f
    switch (initial >> 5) {
      case UNSIGNED:
        return source.argument(info)
      case NEGATIVE:
        return -1 - source.argument(info)
      case BYTES:
        return info === INDEFINITE ? this.#joinedBytes() : source.bytes(source.argument(info))
      case TEXT:
        return this.#text(info)
      case LIST:
        return this.#list(info, depth + 1)
      case MAP:
        return this.#map(info, depth + 1)
      case TAG:
        return this.#tagged(source.argument(info), depth)
      default:
        return this.#simple(info)
    }
  }

  #list(info: number, depth: number): unknown[] {
    const source = this.#source
    const count = this.#size(info, 1, depth)
    const list: unknown[] = []
    while (list.length < count && !(count === Infinity && source.skipBreak())) list.push(this.item(depth))
    return list
  }

  #map(info: number, depth: number): Fields {
    const source = this.#source
    const count = this.#size(info, 2, depth)
    const map: Fields = {}
    for (let index = 0; index < count && !(count === Infinity && source.skipBreak()); index++) {
      const key = this.#key(depth, index)
      if (key === '__proto__') source.fail('a map has the key __proto__')
      if (Object.hasOwn(map, key)) source.fail('a map has the same key twice')
      map[key] = this.item(depth)
    }
    return map
  }

  /** How many entries of at least `bytes` bytes follow; Infinity when a break ends them. */
  #size(info: number, bytes: number, depth: number): number {
    if (depth > MAX_DEPTH) throw new Malformed(`The request is nested deeper than ${String(MAX_DEPTH)} levels`, '')
    if (info === INDEFINITE) return Infinity
    const count = this.#source.argument(info)
    this.#source.expect(count * bytes)
    return count
  }

  #key(depth: number, index: number): string {
    const source = this.#source
    const initial = source.byte()
    if (initial >> 5 !== TEXT) source.fail('a map has a key that is not text')
    const info = initial & 0x1f
    if (info === INDEFINITE || index >= MAX_REMEMBERED) return this.#text(info)
    const length = source.argument(info)
    const keys = (this.#keys[depth] ??= [])
    const known = keys[index]
    if (known?.length === length && source.skip(known)) return known
    const key = source.text(length)
    // As long in bytes as in characters: it is ASCII.
    if (key.length === length) keys[index] = key
    return key
  }

  #text(info: number): string {
    if (info !== INDEFINITE) return this.#source.text(this.#source.argument(info))
    const parts: string[] = []
    for (const length of this.#pieces(TEXT)) parts.push(this.#source.text(length))
    return parts.join('')
  }

  #joinedBytes(): Uint8Array {
    const parts: Uint8Array[] = []
    for (const length of this.#pieces(BYTES)) parts.push(this.#source.bytes(length))
    return new Uint8Array(Buffer.concat(parts))
  }

  /** The lengths of the pieces of an indefinite string, which are strings of its own kind and of known length. */
  *#pieces(major: number): Generator<number> {
    const source = this.#source
    while (!source.skipBreak()) {
      const initial = source.byte()
      if (initial >> 5 !== major) source.fail('a string has a piece of another kind')
      this.#count()
      yield source.argument(initial & 0x1f)
    }
  }

  #tagged(tag: number, depth: number): CborTimestamp {
    const source = this.#source
    if (tag !== EPOCH_SECONDS) source.fail('a tag is not 1, that of timestamps')
    // Read without a way back to here: a row of tags can be as long as a body.
    const initial = source.byte()
    const kind = initial >> 5
    const isNumber = kind === UNSIGNED || kind === NEGATIVE || kind === SIMPLE
    const seconds = isNumber ? this.#value(initial, depth) : undefined
    return typeof seconds === 'number' ? new CborTimestamp(seconds) : source.fail('a timestamp is not a number')
  }

  #simple(info: number): unknown {
    const source = this.#source
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
      case 23:
        return null
      case 25:
        return source.float(2)
      case 26:
        return source.float(4)
      case 27:
        return source.float(8)
      default:
        return source.fail('an item is of no known kind')
    }
  }
}
