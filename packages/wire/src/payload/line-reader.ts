import { throwFault } from '../fault.ts'
import { framingFaults } from './faults.ts'

const CR_LF = '\r\n'

/** Puts lines together that come in pieces; of a line that is not yet whole it holds as much as may become one. */
export class LineReader {
  #held = ''
  #line: string | undefined

  /** The line that the last reading ended with, without its CR LF; `undefined` when the piece ended before it. */
  get line(): string | undefined {
    return this.#line
  }

  /**
   * Reads the bytes of `piece` from `start` until a line is whole.
   * @param most the longest line, CR LF included
   * @returns where the line's end is, or the end of the piece
   * @throws WireError when the line is longer
   */
  read(piece: Uint8Array, start: number, most: number): number {
    this.#line = undefined
    for (let at = start; at < piece.length; at++) {
      this.#held += String.fromCharCode(piece[at] as number)
      if (this.#held.endsWith(CR_LF)) {
        this.#line = this.#held.slice(0, -CR_LF.length)
        this.#held = ''
        return at + 1
      }
      if (this.#held.length >= most) throwFault(framingFaults.malformed)
    }
    return piece.length
  }
}
