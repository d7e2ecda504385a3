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

/** Where texts are written; other bytes may lie between them. */
export interface TextRoom {
  readonly bytes: Buffer
  /** Where each text begins and ends in the bytes. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** What JSON escapes in a string: a text without an escape has none of these. */
const ESCAPED = /["\\]/

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

  /**
   * Writes texts into a room as UTF-8, from one on, for as long as they fit. What lies between them in the body comes along,
   * so that few copies are made.
   * @returns how many; none when the first is too long, or has half of a character
   */
  copyTexts(from: number, room: TextRoom): number {
    const { bytes, starts, ends, decoded } = this.#source
    const most = Math.min(this.length - from, room.starts.length)
    let at = 0
    let count = 0
    while (count < most) {
      const text = decoded?.[this.#first + from + count]
      if (text !== undefined) {
        if (!text.isWellFormed() || Buffer.byteLength(text) > room.bytes.length - at) break
        room.starts[count] = at
        at += room.bytes.write(text, at, 'utf8')
        room.ends[count++] = at
        continue
      }
      const first = count
      const start = starts[this.#first + from + first] as number
      const shift = at - start
      for (; count < most; count++) {
        const place = this.#first + from + count
        const end = (ends[place] as number) + shift
        if (decoded?.[place] !== undefined || end > room.bytes.length) break
        room.starts[count] = (starts[place] as number) + shift
        room.ends[count] = end
      }
      if (count === first) break
      const end = room.ends[count - 1] as number
      bytes.copy(room.bytes, at, start, end - shift)
      at = end
    }
    return count
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
