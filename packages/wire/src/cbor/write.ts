/** What a writer starts with, and keeps between answers; larger ones are let go. */
const INITIAL_BYTES = 16_384
const LONGEST_HEAD = 9
/** Shorter ASCII is copied faster here than by a call into Node. */
const SHORT = 24
const TWO_32 = 2 ** 32

let spare: Buffer | undefined

/**
 * Writes CBOR item by item, in its shortest form: a map or list is its head followed by its items. Floating-point numbers
 * have 8 bytes, since not every client reads shorter ones.
 */
export class CborWriter {
  #bytes: Buffer = spare ?? Buffer.allocUnsafeSlow(INITIAL_BYTES)
  #at = 0

  constructor() {
    spare = undefined
  }

  /** What was written, copied; the writer must not be used again. */
  finish(): Uint8Array {
    const written = new Uint8Array(this.#bytes.subarray(0, this.#at))
    if (this.#bytes.length === INITIAL_BYTES) spare = this.#bytes
    return written
  }

  /** The head of a map of `size` pairs, which must follow. */
  map(size: number): void {
    this.#head(0xa0, size)
  }

  /** The head of a list of `size` items, which must follow. */
  list(size: number): void {
    this.#head(0x80, size)
  }

  text(value: string): void {
    const { length } = value
    this.#reserve(LONGEST_HEAD + 3 * length)
    if (length < SHORT && this.#shortAscii(value)) return
    // The head is made for one byte a character; what is longer is moved when its own head is.
    const at = this.#at + headLength(length)
    const size = this.#bytes.write(value, at)
    const head = headLength(size)
    if (this.#at + head !== at) this.#bytes.copyWithin(this.#at + head, at, at + size)
    this.#head(0x60, size)
    this.#at += size
  }

  bytes(value: Uint8Array): void {
    this.#head(0x40, value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** Integers as such while they are exact, all else as floating-point numbers; both are read as either. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.integer(value)
    else this.float(value)
  }

  /** @param value an integer from -2^64 to below 2^64. */
  integer(value: number): void {
    if (value < 0) this.#head(0x20, -1 - value)
    else this.#head(0x00, value)
  }

  float(value: number): void {
    this.#reserve(LONGEST_HEAD)
    this.#bytes[this.#at] = 0xfb
    this.#at = this.#bytes.writeDoubleBE(value, this.#at + 1)
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xf5 : 0xf4)
  }

  null(): void {
    this.#byte(0xf6)
  }

  /** @param seconds since 1970, with fractions. */
  timestamp(seconds: number): void {
    this.#byte(0xc1)
    this.number(seconds)
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = byte
  }

  #shortAscii(value: string): boolean {
    const bytes = this.#bytes
    let at = this.#at + 1
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    bytes[this.#at] = 0x60 | value.length
    this.#at = at
    return true
  }

  #head(kind: number, argument: number): void {
    this.#reserve(LONGEST_HEAD)
    const bytes = this.#bytes
    const at = this.#at
    if (argument < 24) {
      bytes[at] = kind | argument
      this.#at = at + 1
    } else if (argument < 0x100) {
      bytes[at] = kind | 24
      bytes[at + 1] = argument
      this.#at = at + 2
    } else if (argument < 0x1_0000) {
      bytes[at] = kind | 25
      this.#at = bytes.writeUInt16BE(argument, at + 1)
    } else if (argument < TWO_32) {
      bytes[at] = kind | 26
      this.#at = bytes.writeUInt32BE(argument, at + 1)
    } else {
      bytes[at] = kind | 27
      const upper = Math.floor(argument / TWO_32)
      bytes.writeUInt32BE(upper, at + 1)
      this.#at = bytes.writeUInt32BE(argument - upper * TWO_32, at + 5)
    }
  }

  #reserve(size: number): void {
    const needed = this.#at + size
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
  }
}

const headLength = (argument: number): number =>
  argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : argument < TWO_32 ? 5 : 9
