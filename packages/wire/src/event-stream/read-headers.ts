import { isUtf8 } from 'node:buffer'
import { Malformed } from '../reading/cursor.ts'
import { type EventHeader, type EventHeaders, MAX_VALUE_BYTES } from './headers.ts'

/** The range of `Date`, in milliseconds. */
const MAX_TIME = 8_640_000_000_000_000

/** @throws Malformed always; `what` never quotes the stream. */
export function fail(what: string): never {
  throw new Malformed(`The event stream can not be read: ${what}`, '')
}

/** @throws Malformed when they cannot be read, or a name comes twice. */
export function readHeaders(bytes: Buffer): EventHeaders {
  const headers = new Map<string, EventHeader>()
  const reader = new HeaderReader(bytes)
  while (!reader.isAtEnd()) {
    const name = reader.text(reader.take(1).readUInt8())
    if (name === '') fail('a header has no name')
    if (headers.has(name)) fail('a header comes twice')
    headers.set(name, readValue(reader))
  }
  return headers
}

function readValue(reader: HeaderReader): EventHeader {
  switch (reader.take(1).readUInt8()) {
    case 0:
      return { type: 'boolean', value: true }
    case 1:
      return { type: 'boolean', value: false }
    case 2:
      return { type: 'byte', value: reader.take(1).readInt8() }
    case 3:
      return { type: 'short', value: reader.take(2).readInt16BE() }
    case 4:
      return { type: 'integer', value: reader.take(4).readInt32BE() }
    case 5:
      return { type: 'long', value: reader.take(8).readBigInt64BE() }
    case 6:
      return { type: 'binary', value: new Uint8Array(reader.take(reader.valueLength())) }
    case 7:
      return { type: 'string', value: reader.text(reader.valueLength()) }
    case 8:
      return { type: 'timestamp', value: readTime(reader) }
    case 9:
      return { type: 'uuid', value: uuidOf(reader.take(16).toString('hex')) }
    default:
      return fail('a header is of no known type')
  }
}

function readTime(reader: HeaderReader): number {
  const millis = Number(reader.take(8).readBigInt64BE())
  return Math.abs(millis) <= MAX_TIME ? millis : fail('a timestamp is beyond all dates')
}

const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')

class HeaderReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  take(length: number): Buffer {
    const at = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) fail('a header ends too early')
    return this.#bytes.subarray(at, this.#at)
  }

  valueLength(): number {
    const length = this.take(2).readUInt16BE()
    return length > MAX_VALUE_BYTES ? fail(`a header has more than ${String(MAX_VALUE_BYTES)} bytes`) : length
  }

  text(length: number): string {
    const bytes = this.take(length)
    return isUtf8(bytes) ? bytes.toString('utf8') : fail('a header is not valid UTF-8')
  }
}
