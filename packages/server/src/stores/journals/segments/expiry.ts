import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { number, partitionsIn } from './sql.ts'
import { DAY_MILLIS, type TableSchema } from './table-schema.ts'

const INTERVAL_MILLIS = 60 * 60_000

export interface ExpiryDeps {
  readonly table: TableSchema
  /** Days that can be asked for. Whole partitions are dropped, so up to one more is kept. */
  readonly days: number
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Resolves when the table is there. */
  readonly ready: (signal: AbortSignal) => Promise<void>
}

/** Drops the days of a table that nobody can ask for any more. */
export class Expiry {
  readonly #deps: ExpiryDeps
  readonly #closing = new AbortController()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void>

  constructor(deps: ExpiryDeps) {
    this.#deps = deps
    this.#running = this.#tryNow()
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#tryNow())
    }, INTERVAL_MILLIS)
  }

  async now(): Promise<void> {
    const { columns, clock, table, days, ready } = this.#deps
    const { signal } = this.#closing
    await ready(signal)
    const oldestDay = Math.floor(clock.now() / DAY_MILLIS) - (days + 1)
    const partitionDays = number(table.partitionDays ?? 1)
    const sql = `SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND table = '${table.name}' AND active AND (toInt64(partition) + 1) * ${partitionDays} <= ${number(oldestDay)}`
    for (const partition of partitionsIn(await columns.read({ sql, format: 'JSONCompactEachRow', signal }))) {
      signal.throwIfAborted()
      await columns.command(`ALTER TABLE ${table.name} DROP PARTITION ID '${partition}'`)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#closing.abort(new Error('the journal is closing'))
    await this.#running
  }

  async #tryNow(): Promise<void> {
    try {
      await this.now()
    } catch (error) {
      if (this.#closing.signal.aborted) return
      this.#deps.telemetry.log.warn({
        event: 'journal_expiry_failed',
        table: this.#deps.table.name,
        reason: messageOf(error),
        message: 'could not drop old days; it is tried again in an hour',
      })
    }
  }
}
