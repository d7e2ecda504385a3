import type { Signs } from '#services/logs/patterns/delimited/signs.ts'

const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const QUOTE = 0x22
const ZERO = 0x30
/** So many digits are an exact number. */
const MAX_WHOLE_DIGITS = 15
/** Digits that the processor adds up as small numbers. */
const LOW_DIGITS = 8
const LOW = 10 ** LOW_DIGITS

/**
 * The fields of a message: parts between blanks, where `[…]` and `"…"` at the beginning of a field hold it together.
 * What is opened and never closed is an ordinary part. They are found as they are asked for, since most patterns look at
 * the first few; every sign is looked at a bounded number of times.
 */
export class Fields {
  readonly #signs: Signs
  /** Three numbers a field: where it begins, and where its text begins and ends. */
  readonly #bounds: number[] = []
  #bracketsClose = true
  #quotesClose = true
  #at: number

  constructor(signs: Signs) {
    this.#signs = signs
    this.#at = signs.start
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

  /** The text of a field that there is, without the brackets or quotes around it. */
  text(index: number): string {
    return this.#signs.text(this.#bounds[3 * index + 1] as number, this.#bounds[3 * index + 2] as number)
  }

  /** The message from a field on that there is, its bracket or quote included. */
  rest(index: number): string {
    return this.#signs.text(this.#bounds[3 * index] as number, this.#signs.end)
  }

  /** What a field that there is writes in digits alone, and not in many of them, as most numbers are written. */
  wholeNumber(index: number): number | undefined {
    const signs = this.#signs
    const start = this.#bounds[3 * index + 1] as number
    const end = this.#bounds[3 * index + 2] as number
    if (end === start || end - start > MAX_WHOLE_DIGITS) return undefined
    let high = 0
    let low = 0
    for (let at = start; at < end; at++) {
      const digit = signs.at(at) - ZERO
      if (digit < 0 || digit > 9) return undefined
      if (at < end - LOW_DIGITS) high = high * 10 + digit
      else low = low * 10 + digit
    }
    return high * LOW + low
  }

  /** Finds one more. */
  #next(): boolean {
    const signs = this.#signs
    const { end } = signs
    let at = this.#at
    while (at < end && isBlank(signs.at(at))) at += 1
    this.#at = at
    if (at === end) return false
    const start = at
    if (this.#takesEnclosed(start)) return true
    while (at < end && !isBlank(signs.at(at))) at += 1
    this.#at = at
    this.#bounds.push(start, start, at)
    return true
  }

  #takesEnclosed(start: number): boolean {
    const signs = this.#signs
    const sign = signs.at(start)
    if (sign !== OPEN_BRACKET && sign !== QUOTE) return false
    const isQuote = sign === QUOTE
    if (!(isQuote ? this.#quotesClose : this.#bracketsClose)) return false
    const close = signs.find(isQuote ? QUOTE : CLOSE_BRACKET, start + 1)
    if (close === signs.end) {
      if (isQuote) this.#quotesClose = false
      else this.#bracketsClose = false
      return false
    }
    this.#bounds.push(start, start + 1, close)
    this.#at = close + 1
    return true
  }
}

/** Space, and tab to carriage return. */
const isBlank = (sign: number): boolean => sign <= 32 && (sign === 32 || (sign >= 9 && sign <= 13))
