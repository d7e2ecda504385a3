import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { number, partitionsIn } from '#stores/journals/segments/sql.ts'
import { DAY_MILLIS } from '#stores/journals/segments/table-schema.ts'
import { API_TABLE } from './api-table.ts'

/**
 * Days that API events are kept; a partition is a day, and one more lets the last of them be whole.
 * @source CloudTrail's event history: 90 days
 */
const KEPT_DAYS = 91
const INTERVAL_MILLIS = 60 * 60_000

export interface ExpiryDeps {
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Resolves when the table is there. */
  readonly table: (signal: AbortSignal) => Promise<void>
}

/** Drops the days of API events that nobody can ask for any more. */
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
    const { columns, clock, table } = this.#deps
    const { signal } = this.#closing
    await table(signal)
    const oldestDay = Math.floor(clock.now() / DAY_MILLIS) - KEPT_DAYS
    const sql = `SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND table = '${API_TABLE.name}' AND active AND toInt64(partition) < ${number(oldestDay)}`
    for (const partition of partitionsIn(await columns.read({ sql, format: 'JSONCompactEachRow', signal }))) {
      signal.throwIfAborted()
      await columns.command(`ALTER TABLE ${API_TABLE.name} DROP PARTITION ID '${partition}'`)
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
        event: 'api_events_expiry_failed',
        reason: messageOf(error),
        message: 'could not drop old API events; it is tried again in an hour',
      })
    }
  }
}
