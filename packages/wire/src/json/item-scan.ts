import type { JsonIndex } from './scan.ts'
import { TextColumns } from './text-columns.ts'

/** A list of structures of a number and a text, both required. */
export interface ColumnList {
  /** The member that holds the list. */
  readonly name: string
  /** How many items it may have. */
  readonly most: number
  /** Numbers from `least` to `most` are right, others may be. */
  readonly number: { readonly name: string; readonly least: number; readonly most: number }
  /** Texts of one UTF-16 unit up to `longest` are right, others may be. */
  readonly text: { readonly name: string; readonly longest: number }
}

export interface FoundItems {
  readonly columns: TextColumns
  /** Where the first item ends, and the last one. */
  readonly firstEnd: number
  readonly lastEnd: number
}

const SPACE = 0x20
const COMMA = 0x2c
const ZERO = 0x30
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
/** A number of more digits may not be safe. */
const MAX_DIGITS = 15
/** Of an item: two names and a text. */
const QUOTES_AN_ITEM = 6

/** Where there is none of what was looked for; places of bytes are passed on through it. */
const NOWHERE = -1

/** Finds the items of a list in a body, by the quotes in it. Its end, and what stands around it, are for others to judge. */
export class ItemScan {
  readonly #body: Buffer
  readonly #index: JsonIndex
  readonly #list: ColumnList
  readonly #numberName: Buffer
  readonly #textName: Buffer
  readonly #numbers: Float64Array
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  #decoded: (string | undefined)[] | undefined
  /** The next quote, and the next backslash. */
  #quote = 0
  #escape = 0

  constructor(body: Buffer, index: JsonIndex, list: ColumnList) {
    this.#body = body
    this.#index = index
    this.#list = list
    this.#numberName = Buffer.from(list.number.name)
    this.#textName = Buffer.from(list.text.name)
    const most = Math.min(list.most, Math.ceil(index.quotes.length / QUOTES_AN_ITEM))
    const memory = new ArrayBuffer(most * 16)
    this.#numbers = new Float64Array(memory, 0, most)
    this.#starts = new Uint32Array(memory, most * 8, most)
    this.#ends = new Uint32Array(memory, most * 12, most)
  }

  /**
   * `undefined`: there is no such list, or something about it is unusual.
   * @throws SyntaxError when a text has an escape that JSON does not know
   */
  run(): FoundItems | undefined {
    const body = this.#body
    let at = behind(body, this.#listStart(), OPEN_BRACKET)
    let firstEnd = 0
    let lastEnd = 0
    let length = 0
    for (; at !== NOWHERE; at = behind(body, at, COMMA)) {
      if (length === this.#list.most) return undefined
      at = this.#item(length, at)
      if (at === NOWHERE) return undefined
      length += 1
      if (length === 1) firstEnd = at
      lastEnd = at
    }
    if (length === 0) return undefined
    const source = {
      bytes: body,
      ascii: this.#index.ascii,
      names: [this.#list.number.name, this.#list.text.name] as const,
      numbers: this.#numbers,
      starts: this.#starts,
      ends: this.#ends,
      decoded: this.#decoded,
    }
    return { columns: new TextColumns(source, 0, length), firstEnd, lastEnd }
  }

  /** Behind the colon of the member, which must be one of the outermost object. */
  #listStart(): number {
    const body = this.#body
    const { quotes } = this.#index
    const name = Buffer.from(this.#list.name)
    let depth = 0
    let at = 0
    for (; this.#quote + 1 < quotes.length; this.#quote += 2) {
      const open = quotes[this.#quote] as number
      const close = quotes[this.#quote + 1] as number
      for (; at < open; at++) {
        const byte = body[at]
        if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
      }
      at = close + 1
      // No value stands before a colon.
      const colon = depth === 1 && isText(body, open, close, name) ? behind(body, at, COLON) : NOWHERE
      if (colon === NOWHERE) continue
      this.#quote += 2
      return colon
    }
    return NOWHERE
  }

  /** Takes an item that begins at a place, or behind blanks there; tells where it ends. */
  #item(index: number, from: number): number {
    const body = this.#body
    const { quotes } = this.#index
    const quote = this.#quote
    this.#quote = quote + QUOTES_AN_ITEM
    const nameOpen = quotes[quote] as number
    const nameClose = quotes[quote + 1] as number
    if (!isOnly(body, from, nameOpen, OPEN_BRACE)) return NOWHERE
    if (isText(body, nameOpen, nameClose, this.#numberName)) {
      const at = behind(body, this.#number(index, nameClose + 1), COMMA)
      if (at === NOWHERE || !this.#isMember(quote + 2, at, this.#textName)) return NOWHERE
      return behind(body, this.#text(index, quote + 4), CLOSE_BRACE)
    }
    if (!this.#isMember(quote, nameOpen, this.#textName)) return NOWHERE
    const at = behind(body, this.#text(index, quote + 2), COMMA)
    const number = quotes[quote + 4] as number
    if (at === NOWHERE || !isBlank(body, at, number)) return NOWHERE
    if (!isText(body, number, quotes[quote + 5] as number, this.#numberName)) return NOWHERE
    return behind(body, this.#number(index, (quotes[quote + 5] as number) + 1), CLOSE_BRACE)
  }

  /** Whether a name stands between two quotes, with blanks before it, and before a colon and another quote. */
  #isMember(quote: number, from: number, name: Buffer): boolean {
    const { quotes } = this.#index
    const open = quotes[quote] as number
    const close = quotes[quote + 1] as number
    const next = quotes[quote + 2] as number
    return (
      isBlank(this.#body, from, open) &&
      isText(this.#body, open, close, name) &&
      isOnly(this.#body, close + 1, next, COLON)
    )
  }

  /** Takes a colon and a number; tells where it ends. */
  #number(index: number, from: number): number {
    const body = this.#body
    const start = pastBlanks(body, behind(body, from, COLON))
    // In two parts, since what has no more than nine digits is added up as an integer.
    let at = start
    let high = 0
    let digit = digitAt(body, at)
    for (; at < start + 9 && digit >= 0; digit = digitAt(body, ++at)) high = high * 10 + digit
    let low = 0
    let scale = 1
    for (; at <= start + MAX_DIGITS && digit >= 0; digit = digitAt(body, ++at)) {
      low = low * 10 + digit
      scale *= 10
    }
    const value = high * scale + low
    const digits = at - start
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && body[start] === ZERO)) return NOWHERE
    const { least, most } = this.#list.number
    this.#numbers[index] = value
    return value >= least && value <= most ? at : NOWHERE
  }

  /** Takes the text that a quote begins; tells where it ends. */
  #text(index: number, quote: number): number {
    const { quotes, escapes } = this.#index
    const start = (quotes[quote] as number) + 1
    const end = quotes[quote + 1] as number
    // UTF-8 has no fewer bytes than UTF-16 has units, and an escape has more.
    if (!(end > start && end - start <= this.#list.text.longest)) return NOWHERE
    this.#starts[index] = start
    this.#ends[index] = end
    while ((escapes[this.#escape] as number) < start) this.#escape += 1
    if ((escapes[this.#escape] as number) < end) this.#decode(index, start, end)
    return end + 1
  }

  #decode(index: number, start: number, end: number): void {
    this.#decoded ??= []
    const { ascii } = this.#index
    this.#decoded[index] = JSON.parse(this.#body.toString(ascii ? 'latin1' : 'utf8', start - 1, end + 1)) as string
  }
}

/** Where what begins with a byte, or with blanks before it, goes on behind it. */
const behind = (body: Buffer, at: number, byte: number): number => {
  if (body[at] === byte) return at + 1
  const past = pastBlanks(body, at)
  return body[past] === byte ? past + 1 : NOWHERE
}

/** The digit at a place; negative: there is none. */
const digitAt = (body: Buffer, at: number): number => {
  const digit = (body[at] as number) - ZERO
  return digit <= 9 ? digit : NOWHERE
}

const pastBlanks = (body: Buffer, from: number): number => {
  let at = from
  while (body[at] === SPACE) at += 1
  return at
}

/** Whether there is nothing but blanks between two places. */
const isBlank = (body: Buffer, from: number, to: number): boolean => from === to || pastBlanks(body, from) === to

/** Whether there are a byte and nothing else but blanks between two places. */
const isOnly = (body: Buffer, from: number, to: number, byte: number): boolean =>
  to - from === 1 ? body[from] === byte : pastBlanks(body, behind(body, from, byte)) === to

/** Whether a text stands between two quotes, as it is written here. */
const isText = (body: Buffer, open: number, close: number, text: Buffer): boolean => {
  if (close - open - 1 !== text.length) return false
  for (let offset = 0; offset < text.length; offset++) if (body[open + 1 + offset] !== text[offset]) return false
  return true
}
