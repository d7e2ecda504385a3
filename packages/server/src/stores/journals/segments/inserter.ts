import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { RecordChange } from '#stores/records/record-store.ts'
import { countRange, insertMissing, insertOnce } from './insert-statements.ts'
import { COLLECTIONS, type JournalState, journalKey } from './journal-records.ts'
import { makeTable } from './make-table.ts'
import { orAbort } from './or-abort.ts'
import type { Segment } from './segment.ts'
import type { TableSchema } from './table-schema.ts'

const MIN_BACKOFF_MILLIS = 250
const MAX_BACKOFF_MILLIS = 15_000
/** A statement that hangs must not keep the platform from stopping. */
const STATEMENT_GRACE_MILLIS = 1_000

export interface InserterDeps {
  readonly table: TableSchema
  readonly columns: ColumnStore
  readonly telemetry: Telemetry
  /** The state committed last. */
  readonly state: JournalState
  /** The oldest segment, if it is sealed. */
  readonly next: () => Segment | undefined
  /** Commits the state together with whatever else the segment changes, all or nothing; may be called again for the same segment. */
  readonly commit: (segment: Segment, state: RecordChange) => Promise<void>
  /** The segment's records are committed: it must leave memory before anything else happens. */
  readonly inserted: (segment: Segment) => void
  /** Nothing is left to insert. */
  readonly idle: () => void
}

/** Moves sealed segments into the column store, oldest first, each exactly once. */
export class Inserter {
  readonly #deps: InserterDeps
  readonly #closing = new AbortController()
  #state: JournalState
  #tableMade: Promise<void> | undefined
  #running: Promise<void> | undefined
  #lastError: string | undefined

  constructor(deps: InserterDeps) {
    this.#deps = deps
    this.#state = deps.state
  }

  get isIdle(): boolean {
    return this.#running === undefined
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  /** There may be a sealed segment. */
  wake(): void {
    if (this.#closing.signal.aborted || this.#deps.next() === undefined) return
    this.#running ??= this.#insertAll()
  }

  /** Resolves when the table is there; readers wait for it too. */
  async table(signal: AbortSignal): Promise<void> {
    await this.#deps.columns.whenRunning(signal)
    this.#tableMade ??= this.#makeTable()
    await orAbort(this.#tableMade, signal)
  }

  #makeTable(): Promise<void> {
    const made = makeTable({ ...this.#deps, signal: this.#closing.signal })
    // Whoever waits for it hears of a failure, and whoever comes next has it tried again.
    made.catch(() => {
      this.#tableMade = undefined
    })
    return made
  }

  /** Lets the segment under way finish for at most `graceMillis`; whatever is left is inserted after the next start. */
  async close(graceMillis: number): Promise<void> {
    const deadline = new AbortController()
    const patience = sleep(graceMillis, undefined, { signal: deadline.signal }).catch(() => {})
    await Promise.race([this.#running, patience])
    deadline.abort()
    this.#closing.abort(new Error('the journal is closing'))
    await Promise.race([this.#running, sleep(STATEMENT_GRACE_MILLIS)])
  }

  async #insertAll(): Promise<void> {
    let backoffMillis = MIN_BACKOFF_MILLIS
    for (
      let segment = this.#deps.next();
      segment !== undefined && !this.#closing.signal.aborted;
      segment = this.#deps.next()
    ) {
      try {
        await this.#insert(segment)
        backoffMillis = MIN_BACKOFF_MILLIS
        this.#lastError = undefined
      } catch (error) {
        if (this.#closing.signal.aborted) break
        this.#failed(segment, error)
        await sleep(backoffMillis, undefined, { signal: this.#closing.signal }).catch(() => {})
        backoffMillis = Math.min(backoffMillis * 2, MAX_BACKOFF_MILLIS)
      }
    }
    this.#running = undefined
    if (!this.#closing.signal.aborted) this.#deps.idle()
  }

  async #insert(segment: Segment): Promise<void> {
    const began = performance.now()
    const { telemetry, table } = this.#deps
    if (segment.rows > 0) await this.#insertRows(segment)
    const state = {
      ...this.#state,
      nextSeq: segment.nextSeq,
      ingestionTime: Math.max(this.#state.ingestionTime, segment.ingestionTime),
    }
    await this.#deps.commit(segment, { kind: 'put', key: journalKey(COLLECTIONS.state, table.name), value: state })
    this.#state = state
    this.#deps.inserted(segment)
    telemetry.meter.add('journal_rows_inserted_total', segment.rows, { table: table.name })
    telemetry.meter.observeSeconds('journal_insert_seconds', (performance.now() - began) / 1_000, { table: table.name })
    await segment.leave()
  }

  async #insertRows(segment: Segment): Promise<void> {
    const { table, columns } = this.#deps
    await this.table(this.#closing.signal)
    await this.#cutBehindLastMark(segment)
    const file = columns.fileLiteral(segment.file.path)
    if (segment.certain) {
      // From here on an insert may have begun, whatever becomes of it.
      segment.certain = false
      await columns.command(insertOnce(table, file, `${this.#state.store}-${String(segment.firstSeq)}`))
    }
    const found = await this.#count(segment)
    if (found === segment.rows) return
    if (found > segment.rows)
      throw new Error(`${String(found)} rows of a segment of ${String(segment.rows)} are in the table ${table.name}`)
    this.#deps.telemetry.log.warn({
      event: 'journal_segment_replayed',
      table: table.name,
      segment: segment.firstSeq,
      rows: segment.rows,
      found,
    })
    await columns.command(insertMissing(table, file, segment))
    const completed = await this.#count(segment)
    if (completed !== segment.rows)
      throw new Error(
        `${String(completed)} of ${String(segment.rows)} rows of a segment arrived in the table ${table.name}`,
      )
  }

  /** The engine reads the whole file: bytes of a refused group must not lie behind the good ones. */
  async #cutBehindLastMark(segment: Segment): Promise<void> {
    const size = await segment.file.size()
    if (size > segment.bytes) await segment.file.truncate(segment.bytes)
    if (size < segment.bytes)
      throw new Error(`${segment.file.path} has ${String(size)} bytes, but ${String(segment.bytes)} were written to it`)
  }

  async #count(segment: Segment): Promise<number> {
    const sql = countRange(this.#deps.table, segment)
    const answer = await this.#deps.columns.read({ sql, format: 'RowBinary', signal: this.#closing.signal })
    return Number(answer.readBigUInt64LE(0))
  }

  #failed(segment: Segment, error: unknown): void {
    const reason = messageOf(error)
    if (reason !== this.#lastError) {
      this.#deps.telemetry.log.warn({
        event: 'journal_insert_failed',
        table: this.#deps.table.name,
        segment: segment.firstSeq,
        reason,
      })
    }
    this.#deps.telemetry.meter.add('journal_insert_failures_total', 1, { table: this.#deps.table.name })
    this.#lastError = reason
  }
}
