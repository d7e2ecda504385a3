/** What the columns of one list share. */
interface Source {
  /** The body, in which the texts lie as UTF-8. */
  readonly bytes: Buffer
  /** Whether each byte of the body is a character of its own. */
  readonly ascii: boolean
  /** Names of the members: of the number, and of the text. */
  readonly names: readonly [number: string, text: string]
  readonly numbers: Float64Array
  /** Where each text begins and ends. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** Texts that are escaped in the body, by their places. `undefined`: none is. */
  readonly decoded: readonly (string | undefined)[] | undefined
}

/** What JSON escapes in a string: a text without an escape has none of these. */
const ESCAPED = /["\\]/

const LINE_END = 0x0a

/**
 * A list of structures of a number and a text, column by column. Nothing was made of a text yet: it lies in the body, which
 * is held for as long as these columns are.
 */
export class TextColumns {
  readonly length: number
  readonly #source: Source
  readonly #first: number

  constructor(source: Source, first: number, length: number) {
    this.#source = source
    this.#first = first
    this.length = length
  }

  number(index: number): number {
    return this.#source.numbers[this.#first + index] as number
  }

  text(index: number): string {
    const { bytes, ascii, starts, ends, decoded } = this.#source
    const at = this.#first + index
    const start = starts[at] as number
    const end = ends[at] as number
    return decoded?.[at] ?? bytes.toString(ascii ? 'latin1' : 'utf8', start, end)
  }

  /** Bytes of a text as UTF-8. */
  textBytes(index: number): number {
    const { starts, ends, decoded } = this.#source
    const at = this.#first + index
    const text = decoded?.[at]
    return text === undefined ? (ends[at] as number) - (starts[at] as number) : Buffer.byteLength(text)
  }

  /** Writes a text as UTF-8 to where there is room for {@link textBytes}. */
  copyText(index: number, into: Buffer, offset: number): void {
    const { bytes, starts, ends, decoded } = this.#source
    const at = this.#first + index
    const text = decoded?.[at]
    if (text === undefined) bytes.copy(into, offset, starts[at], ends[at])
    else into.write(text, offset, 'utf8')
  }

  /** Where a text lies as UTF-8. `undefined`: it is escaped. */
  place(index: number): { readonly bytes: Buffer; readonly start: number; readonly end: number } | undefined {
    const { bytes, starts, ends, decoded } = this.#source
    const at = this.#first + index
    if (decoded?.[at] !== undefined) return undefined
    return { bytes, start: starts[at] as number, end: ends[at] as number }
  }

  /** All texts, a line end behind each, where every byte of them is a character of its own and none is escaped. */
  joined(): string | undefined {
    const { ascii, decoded } = this.#source
    if (!ascii || decoded !== undefined) return undefined
    let size = this.length
    for (let index = 0; index < this.length; index++) size += this.textBytes(index)
    const all = Buffer.allocUnsafe(size)
    let at = 0
    for (let index = 0; index < this.length; index++) {
      this.copyText(index, all, at)
      at += this.textBytes(index)
      all[at++] = LINE_END
    }
    return all.toString('latin1')
  }

  /** Whether any text contains these characters, of which a quote is one: so that most texts need not be looked at. */
  someQuoting(part: string): boolean {
    if (!ESCAPED.test(part))
      throw new Error('only what has a quote or a backslash is found without looking at all texts')
    const { decoded } = this.#source
    if (decoded === undefined) return false
    const own = decoded.slice(this.#first, this.#first + this.length)
    return own.some((text) => text?.includes(part) === true)
  }

  /** The structures from one place up to, not including, another. */
  slice(from: number, to: number): TextColumns {
    return new TextColumns(this.#source, this.#first + from, to - from)
  }

  /** The structures one by one, for whoever wants objects. */
  *[Symbol.iterator](): Generator<Record<string, unknown>> {
    const [number, text] = this.#source.names
    for (let index = 0; index < this.length; index++) yield { [number]: this.number(index), [text]: this.text(index) }
  }
}
