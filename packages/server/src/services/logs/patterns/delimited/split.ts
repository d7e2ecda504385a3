/** A part of a message between blanks. */
export interface Field {
  /** Without the brackets or quotes around it. */
  readonly text: string
  /** Where it begins in the message, brackets or quotes included. */
  readonly start: number
}

type Find = (text: string, signs: string, from: number) => number

const indexOf: Find = (text, signs, from) => text.indexOf(signs, from)
const OPEN_BRACKET = 0x5b
const QUOTE = 0x22

/**
 * The fields of a message: parts between blanks, where `[…]` and `"…"` at the beginning of a field hold it together.
 * What is opened and never closed is an ordinary part. They are found as they are asked for, since most patterns look at
 * the first few; every sign is looked at a bounded number of times.
 */
export class Fields {
  readonly #message: string
  readonly #find: Find
  /** Three numbers a field: where it begins, and where its text begins and ends. */
  readonly #bounds: number[] = []
  #bracketsClose = true
  #quotesClose = true
  #at = 0

  /** @param find the search for a closing sign */
  constructor(message: string, find: Find = indexOf) {
    this.#message = message
    this.#find = find
  }

  /** How many there are. */
  get length(): number {
    while (this.#next());
    return this.#bounds.length / 3
  }

  /** Whether there are more than `index`. */
  has(index: number): boolean {
    while (this.#bounds.length <= 3 * index && this.#next());
    return this.#bounds.length > 3 * index
  }

  /** `undefined`: there are fewer. */
  at(index: number): Field | undefined {
    if (!this.has(index)) return undefined
    const at = 3 * index
    return { text: this.#message.slice(this.#bounds[at + 1], this.#bounds[at + 2]), start: this.#bounds[at] ?? 0 }
  }

  /** Finds one more. */
  #next(): boolean {
    const message = this.#message
    const { length } = message
    let at = this.#at
    while (at < length && isBlank(message.charCodeAt(at))) at += 1
    this.#at = at
    if (at === length) return false
    const start = at
    if (this.#takesEnclosed(start)) return true
    while (at < length && !isBlank(message.charCodeAt(at))) at += 1
    this.#at = at
    this.#bounds.push(start, start, at)
    return true
  }

  #takesEnclosed(start: number): boolean {
    const code = this.#message.charCodeAt(start)
    if (code !== OPEN_BRACKET && code !== QUOTE) return false
    const isQuote = code === QUOTE
    if (!(isQuote ? this.#quotesClose : this.#bracketsClose)) return false
    const end = this.#find(this.#message, isQuote ? '"' : ']', start + 1)
    if (end === -1) {
      if (isQuote) this.#quotesClose = false
      else this.#bracketsClose = false
      return false
    }
    this.#bounds.push(start, start + 1, end)
    this.#at = end + 1
    return true
  }
}

/** Space, and tab to carriage return. */
const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)
