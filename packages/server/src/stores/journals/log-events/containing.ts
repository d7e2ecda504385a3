import type { LogQuery } from '#stores/journals/log-journal.ts'
import type { RowFilter } from '#stores/journals/segments/run-cursor.ts'
import { messageStart } from './log-table.ts'

export type Literals = NonNullable<LogQuery['containing']>

export const hasLiterals = ({ include, exclude, any }: Literals): boolean =>
  include.length + exclude.length + any.length > 0

/** Tests messages as they are encoded. Encode the literals once, then make one test for each run. */
export function messageTests(literals: Literals): (bytes: Buffer, runEnd: number) => RowFilter {
  const encode = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'utf8'))
  const include = encode(literals.include)
  const exclude = encode(literals.exclude)
  const any = encode(literals.any)
  return (bytes, runEnd) => {
    // Not beyond the run: a rare text would otherwise be looked for in everything behind it, once a run.
    const haystack = bytes.subarray(0, runEnd)
    const search = (needle: Buffer): Search => new Search(haystack, needle)
    const wanted = include.map(search)
    const unwanted = exclude.map(search)
    const alternatives = any.map(search)
    return (_, row, end) => {
      const start = messageStart(bytes, row, end)
      const isIn = (one: Search): boolean => one.isWithin(start, end)
      return wanted.every(isIn) && !unwanted.some(isIn) && (alternatives.length === 0 || alternatives.some(isIn))
    }
  }
}

/** Remembers where a text occurs next, so that rows without it are passed over in one search. */
class Search {
  readonly #haystack: Buffer
  readonly #needle: Buffer
  #from = Infinity
  #found = -1

  constructor(haystack: Buffer, needle: Buffer) {
    this.#haystack = haystack
    this.#needle = needle
  }

  isWithin(start: number, end: number): boolean {
    // The first occurrence from an earlier start on is still the first one, as long as it lies behind this start.
    if (start < this.#from || start > this.#found) {
      const found = this.#haystack.indexOf(this.#needle, start)
      this.#found = found === -1 ? Infinity : found
      this.#from = start
    }
    return this.#found + this.#needle.length <= end
  }
}
