import { isUtf8 } from 'node:buffer'
import { Malformed } from '../reading/cursor.ts'

const BREAK = 0xff
const REPLACEMENT = '\ufffd'
const TWO_32 = 2 ** 32

/** The bytes of a CBOR text and the place where its reader is. Whatever is read must be there, or it is refused. */
export class CborSource {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at = 0

  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
    this.#view = new DataView(body.buffer, body.byteOffset, body.length)
  }

  /** @throws Malformed always; `what` never quotes the body. */
  fail(what: string): never {
    throw new Malformed(`The CBOR can not be read: ${what}`, '')
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The next byte, a step further. */
  byte(): number {
    return this.#bytes[this.#step(1)] ?? 0
  }

  /** Steps over the break that ends an indefinite item, if it comes next. */
  skipBreak(): boolean {
    if (this.#bytes[this.#at] !== BREAK) return false
    this.#at++
    return true
  }

  /** The number that an initial byte's additional information gives or announces; rounded beyond 2^53. */
  argument(info: number): number {
    if (info < 24) return info
    switch (info) {
      case 24:
        return this.byte()
      case 25:
        return this.#view.getUint16(this.#step(2))
      case 26:
        return this.#view.getUint32(this.#step(4))
      case 27: {
        const at = this.#step(8)
        return this.#view.getUint32(at) * TWO_32 + this.#view.getUint32(at + 4)
      }
      default:
        return this.fail('an item has a length or value of no known kind')
    }
  }

  /** A floating-point number of 2, 4 or 8 bytes. */
  float(size: 2 | 4 | 8): number {
    const at = this.#step(size)
    return size === 8 ? this.#view.getFloat64(at) : size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat16(at)
  }

  /** Refuses a declared number of items, or of their bytes, that can not be there, before anything is made for them. */
  expect(count: number): void {
    if (count > this.#bytes.length - this.#at) this.fail('it ends too early')
  }

  /** A copy of the next `length` bytes: what is kept of a request does not keep the request. */
  bytes(length: number): Uint8Array {
    const at = this.#step(length)
    return new Uint8Array(this.#bytes.subarray(at, at + length))
  }

  text(length: number): string {
    const at = this.#step(length)
    const text = this.#bytes.toString('utf8', at, at + length)
    // What is no UTF-8 becomes this character, which may also have been sent.
    if (text.includes(REPLACEMENT) && !isUtf8(this.#bytes.subarray(at, at + length)))
      this.fail('a text is not valid UTF-8')
    return text
  }

  /** Steps over the next `known.length` bytes if they are `known`, which must be ASCII. */
  skip(known: string): boolean {
    const at = this.#at
    const bytes = this.#bytes
    for (let index = 0; index < known.length; index++) if (bytes[at + index] !== known.charCodeAt(index)) return false
    this.#at += known.length
    return true
  }

  #step(length: number): number {
    this.expect(length)
    const at = this.#at
    this.#at += length
    return at
  }
}
