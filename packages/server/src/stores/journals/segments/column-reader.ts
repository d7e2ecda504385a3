import { DOUBLE_BYTES, readVarint, varintBytes } from './row-layout.ts'

/** Reads the columns of a row one after the other. */
export class ColumnReader {
  readonly #bytes: Buffer
  readonly #end: number
  #offset: number

  constructor(bytes: Buffer, offset: number, end: number) {
    this.#bytes = bytes
    this.#offset = offset
    this.#end = end
  }

  /** Where the next column begins. */
  get offset(): number {
    return this.#offset
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#offset++)
  }

  length(): number {
    const length = readVarint(this.#bytes, this.#offset, this.#end)
    this.#offset += varintBytes(length)
    return length
  }

  string(): string {
    const length = this.length()
    this.#offset += length
    return this.#bytes.toString('utf8', this.#offset - length, this.#offset)
  }

  strings(): string[] {
    return Array.from({ length: this.length() }, () => this.string())
  }

  doubles(): number[] {
    return Array.from({ length: this.length() }, () => {
      this.#offset += DOUBLE_BYTES
      return this.#bytes.readDoubleLE(this.#offset - DOUBLE_BYTES)
    })
  }
}
