import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { listJournal, COLLECTIONS } from '#stores/journals/segments/journal-records.ts'
import type { Mutex } from '#stores/journals/segments/mutex.ts'
import type { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { rowsOf } from '#stores/journals/segments/table-schema.ts'
import { EVENT_OVERHEAD_BYTES, type Totals } from '#stores/journals/segments/totals.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'
import { LOG_TABLE } from './log-table.ts'
import { number, partitionsIn } from '#stores/journals/segments/sql.ts'
import { putTombstone, tombstoneKey, type Tombstone, type Tombstones } from './tombstones.ts'

/** Tombstones that share one pass over the parts. */
const BATCH = 100
/** Deletions that come together share a batch. */
const GATHER_MILLIS = 100
const MIN_BACKOFF_MILLIS = 500
const MAX_BACKOFF_MILLIS = 30_000
const PAGE = 1_000
const CLOSE_MILLIS = 1_000
const MASKED_PARTITIONS = `SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND table = '${LOG_TABLE.name}' AND active AND has_lightweight_delete ORDER BY partition_id`

export interface DeleterDeps {
  readonly journal: SegmentJournal
  readonly columns: ColumnStore
  readonly records: RecordStore
  readonly tombstones: Tombstones
  readonly totals: Totals
  /** Held while totals are changed. */
  readonly totalsLock: Mutex
  readonly telemetry: Telemetry
}

/** Frees what was deleted: masks the rows, then rewrites their partitions, since a mask alone frees nothing. */
export class Deleter {
  readonly #deps: DeleterDeps
  readonly #closing = new AbortController()
  #running: Promise<void> | undefined

  constructor(deps: DeleterDeps) {
    this.#deps = deps
  }

  /** There is a tombstone. */
  wake(): void {
    if (!this.#closing.signal.aborted && !this.#deps.tombstones.isEmpty) this.#running ??= this.#freeAll()
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the journal is closing'))
    // A mutation may take minutes; it goes on in the next run.
    await Promise.race([this.#running, sleep(CLOSE_MILLIS)])
  }

  async #freeAll(): Promise<void> {
    const { signal } = this.#closing
    let backoffMillis = MIN_BACKOFF_MILLIS
    await this.#pause(GATHER_MILLIS)
    while (!this.#deps.tombstones.isEmpty && !signal.aborted) {
      try {
        await this.#free(this.#deps.tombstones.batch(BATCH))
        backoffMillis = MIN_BACKOFF_MILLIS
      } catch (error) {
        if (signal.aborted) break
        this.#deps.telemetry.log.warn({
          event: 'journal_deletion_failed',
          reason: messageOf(error),
          message: 'could not free deleted log events; it is tried again',
        })
        await this.#pause(backoffMillis)
        backoffMillis = Math.min(backoffMillis * 2, MAX_BACKOFF_MILLIS)
      }
    }
    this.#running = undefined
  }

  #pause(millis: number): Promise<void> {
    return sleep(millis, undefined, { signal: this.#closing.signal }).catch(() => {})
  }

  async #free(batch: readonly Tombstone[]): Promise<void> {
    const { journal, columns, telemetry } = this.#deps
    const { signal } = this.#closing
    // What is still on its way in would not be deleted.
    await journal.insertedThrough(Math.max(...batch.map(({ cut }) => cut)), signal)
    await journal.table(signal)
    const counted = []
    for (const tombstone of batch) counted.push(await this.#uncount(tombstone))
    const condition = batch.map((tombstone) => `(${conditionOf(tombstone)})`).join(' OR ')
    for (const partition of await this.#partitions(
      `SELECT DISTINCT _partition_id FROM ${LOG_TABLE.name} WHERE ${condition}`,
    )) {
      signal.throwIfAborted()
      await columns.command(`DELETE FROM ${LOG_TABLE.name} IN PARTITION ID '${partition}' WHERE ${condition}`)
    }
    // Also those that an earlier run masked and did not rewrite any more.
    for (const partition of await this.#partitions(MASKED_PARTITIONS)) {
      signal.throwIfAborted()
      await columns.command(
        `ALTER TABLE ${LOG_TABLE.name} APPLY DELETED MASK IN PARTITION ID '${partition}' SETTINGS mutations_sync = 1`,
      )
    }
    for (const tombstone of counted) await this.#finish(tombstone)
    telemetry.log.info({ event: 'journal_events_freed', deletions: batch.length })
  }

  /** Takes the events off the group's totals, once: both are one commit. */
  async #uncount(tombstone: Tombstone): Promise<Tombstone> {
    if (tombstone.kind === 'group' || tombstone.counted) return tombstone
    const { columns, records, totals, totalsLock, tombstones } = this.#deps
    const sql = `SELECT count(), sum(length(msg)) FROM ${LOG_TABLE.name} WHERE ${conditionOf(tombstone)}`
    // Rows that are set aside would be deleted uncounted, or come back with their part when it is restored.
    const needs = rowsOf(LOG_TABLE)
    const answer = await columns.read({ sql, format: 'RowBinary', needs, signal: this.#closing.signal })
    const events = Number(answer.readBigUInt64LE(0))
    const bytes = Number(answer.readBigUInt64LE(8)) + events * EVENT_OVERHEAD_BYTES
    const counted = { ...tombstone, counted: true }
    await totalsLock.run(async () => {
      const before = await totals.inserted(tombstone.group)
      const changes: RecordChange[] = [putTombstone(counted)]
      if (before !== undefined) {
        const first = tombstone.kind === 'before' ? await this.#firstLeft(tombstone, before.first) : before.first
        const value = { ...before, first, events: before.events - events, bytes: before.bytes - bytes }
        changes.push({ kind: 'put', key: totals.groupKey(tombstone.group), value })
      }
      await records.commit(changes)
    })
    tombstones.replace(counted)
    return counted
  }

  /** The time of the group's first event that stays, or the old one when none does. */
  async #firstLeft(tombstone: Tombstone, before: number): Promise<number> {
    const sql = `SELECT ts FROM ${LOG_TABLE.name} WHERE grp = ${number(tombstone.group)} AND NOT (${conditionOf(tombstone)}) ORDER BY ts LIMIT 1`
    const answer = await this.#deps.columns.read({ sql, format: 'RowBinary', signal: this.#closing.signal })
    return answer.length === 0 ? before : Number(answer.readBigInt64LE(0))
  }

  async #partitions(sql: string): Promise<readonly string[]> {
    return partitionsIn(
      await this.#deps.columns.read({ sql, format: 'JSONCompactEachRow', signal: this.#closing.signal }),
    )
  }

  async #finish(tombstone: Tombstone): Promise<void> {
    const { records, totals, totalsLock, tombstones } = this.#deps
    if (tombstone.kind === 'group') await this.#forgetStreams(tombstone.group)
    await totalsLock.run(async () => {
      const changes: RecordChange[] = [{ kind: 'delete', key: tombstoneKey(tombstone) }]
      if (tombstone.kind === 'group') changes.push({ kind: 'delete', key: totals.groupKey(tombstone.group) })
      if (tombstone.kind === 'stream')
        changes.push({ kind: 'delete', key: totals.streamKey(tombstone.group, tombstone.stream) })
      await records.commit(changes)
    })
    tombstones.finish(tombstone)
  }

  async #forgetStreams(group: number): Promise<void> {
    const { records, totals } = this.#deps
    for (;;) {
      const page = await listJournal(records, COLLECTIONS.stream, totals.streamPrefix(group))
      await records.commit(page.map(({ key }) => ({ kind: 'delete', key })))
      if (page.length < PAGE) return
    }
  }
}

function conditionOf(tombstone: Tombstone): string {
  const common = `grp = ${number(tombstone.group)} AND seq < ${number(tombstone.cut)}`
  if (tombstone.kind === 'stream') return `${common} AND sub = ${number(tombstone.stream)}`
  return tombstone.kind === 'before' ? `${common} AND ts < ${number(tombstone.before)}` : common
}
