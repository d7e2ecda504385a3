import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

const FEWEST = 4
const MOST = 512

/** Which rows, in the order of their ids. */
export interface RowRange {
  readonly collection: string
  readonly bucketId: string
  readonly prefix: string
  /** Only ids after it. */
  readonly after?: string
}

/**
 * Walks over records and can jump: what is jumped over is not read. It reads ahead more the longer it walks without
 * jumping, so that neither a thousand keys nor a thousand folders cost much.
 */
export class RowCursor<T> {
  readonly #records: RecordStore
  readonly #range: RowRange
  #after: string | undefined
  #ahead: readonly StoredRecord<T>[] = []
  #at = 0
  #size = FEWEST
  #isOver = false

  constructor(records: RecordStore, range: RowRange) {
    this.#records = records
    this.#range = range
    this.#after = range.after
  }

  /** The row that is next; `undefined`: there is none. */
  async peek(): Promise<StoredRecord<T> | undefined> {
    if (this.#at >= this.#ahead.length && !this.#isOver) await this.#read()
    return this.#ahead[this.#at]
  }

  /** Leaves the row that {@link peek} gave behind. */
  advance(): void {
    this.#after = this.#ahead[this.#at]?.key.id ?? this.#after
    this.#at += 1
  }

  /** Goes on behind every id that begins with `beginning`. */
  async passOver(beginning: string): Promise<void> {
    // No text that begins so sorts after it, unless it goes on with the very last character.
    this.#after = `${beginning}\u{10FFFF}`
    while (this.#at < this.#ahead.length && (this.#ahead[this.#at]?.key.id.startsWith(beginning) ?? false))
      this.#at += 1
    if (this.#at >= this.#ahead.length) {
      this.#size = FEWEST
      this.#isOver = false
    }
    for (let row = await this.peek(); row?.key.id.startsWith(beginning) === true; row = await this.peek())
      this.advance()
  }

  async #read(): Promise<void> {
    const { collection, bucketId, prefix } = this.#range
    this.#ahead = await this.#records.list<T>(collection, bucketId, GLOBAL_REGION, {
      prefix,
      limit: this.#size,
      ...(this.#after === undefined ? {} : { after: this.#after }),
    })
    this.#at = 0
    this.#isOver = this.#ahead.length < this.#size
    this.#size = Math.min(this.#size * 2, MOST)
  }
}
