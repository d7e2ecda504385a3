import type { SourcePosition, SourceRange } from '../policy.ts'
import type { Place } from './json-node.ts'

/** Turns offsets of a text into lines and columns. */
export class Positions {
  /** The offset at which each line starts. */
  readonly #lines: readonly number[]

  constructor(text: string) {
    const lines = [0]
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
    this.#lines = lines
  }

  at(offset: number): SourcePosition {
    let low = 0
    let high = this.#lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0) + 1 }
  }

  range(place: Place): SourceRange {
    return { start: this.at(place.start), end: this.at(place.end) }
  }
}
