import { type RowLayout, readSeq, readTimestamp } from './row-layout.ts'
import type { Run } from './run.ts'

/** Whether the row from `row` to `end` (exclusive) is wanted. Rows of one run are asked for in their order. */
export type RowFilter = (bytes: Buffer, row: number, end: number) => boolean

/** Walks the wanted rows of one run, in either direction. */
export interface RunCursor {
  readonly bytes: Buffer
  /** The current row. */
  row: number
  end: number
  timestamp: number
  seq: number
  /** Goes to the next wanted row; false at the end. */
  advance(): boolean
}

export class AscendingCursor implements RunCursor {
  readonly bytes: Buffer
  row = 0
  end: number
  timestamp = 0
  seq = 0
  readonly #runEnd: number
  readonly #layout: RowLayout
  readonly #accept: RowFilter

  constructor(bytes: Buffer, run: Run, layout: RowLayout, accept: RowFilter) {
    this.bytes = bytes
    this.end = run.start
    this.#runEnd = run.end
    this.#layout = layout
    this.#accept = accept
  }

  advance(): boolean {
    while (this.end < this.#runEnd) {
      this.row = this.end
      this.end = this.#layout.skip(this.bytes, this.row, this.#runEnd)
      if (!this.#accept(this.bytes, this.row, this.end)) continue
      this.timestamp = readTimestamp(this.bytes, this.row)
      this.seq = readSeq(this.bytes, this.row)
      return true
    }
    return false
  }
}

/** Rows have no way back, so the wanted ones are noted on one walk forward. */
export class DescendingCursor implements RunCursor {
  readonly bytes: Buffer
  row = 0
  end = 0
  timestamp = 0
  seq = 0
  readonly #offsets: number[] = []

  constructor(bytes: Buffer, run: Run, layout: RowLayout, accept: RowFilter) {
    this.bytes = bytes
    for (let row = run.start; row < run.end;) {
      const end = layout.skip(bytes, row, run.end)
      if (accept(bytes, row, end)) this.#offsets.push(row, end)
      row = end
    }
  }

  advance(): boolean {
    const end = this.#offsets.pop()
    const row = this.#offsets.pop()
    if (row === undefined || end === undefined) return false
    this.row = row
    this.end = end
    this.timestamp = readTimestamp(this.bytes, row)
    this.seq = readSeq(this.bytes, row)
    return true
  }
}
