import type { SQLOutputValue } from 'node:sqlite'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** Characters of all rows that are kept, and of the longest one. */
const MAX_CHARS = 4_194_304
const MAX_ROW_CHARS = 65_536

/**
 * Rows that were read of late, the longest unread gone first. A call often reads a record twice, to judge who may and to
 * do it, and a statement costs ten times what looking here does. Whoever changes a record must say so before it is read again.
 */
export class RecentRows {
  readonly #rows = new Map<string, Row>()
  #chars = 0

  get(key: string): Row | undefined {
    const row = this.#rows.get(key)
    if (row === undefined) return undefined
    this.#rows.delete(key)
    this.#rows.set(key, row)
    return row
  }

  keep(key: string, row: Row): void {
    this.forget(key)
    const chars = charsOf(key, row)
    if (chars > MAX_ROW_CHARS) return
    this.#chars += chars
    this.#rows.set(key, row)
    for (const oldest of this.#rows.keys()) {
      if (this.#chars <= MAX_CHARS) break
      this.forget(oldest)
    }
  }

  forget(key: string): void {
    const row = this.#rows.get(key)
    if (row === undefined) return
    this.#rows.delete(key)
    this.#chars -= charsOf(key, row)
  }
}

const charsOf = (key: string, row: Row): number => key.length + String(row['value']).length
