import type { EpochMillis } from '#kernel/ids.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type {
  Appended,
  JournalHealth,
  LogBatch,
  LogJournal,
  LogQuery,
  StoredLogEvent,
  StreamTimes,
} from '#stores/journals/log-journal.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import type { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { DAY_MILLIS } from '#stores/journals/segments/table-schema.ts'
import type { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import type { Checkpoint } from '#kernel/call.ts'
import type { Deleter } from './deleter.ts'
import { checkBatch, encodeBatch } from './log-table.ts'
import { mergePages } from './page.ts'
import type { Positions } from './positions.ts'
import { readColumns } from './read-columns.ts'
import { readMemory } from './read-memory.ts'
import { putTombstone, type Tombstone, type Tombstones } from './tombstones.ts'

export interface StoredLogJournalDeps {
  readonly journal: SegmentJournal
  readonly columns: ColumnStore
  readonly records: RecordStore
  readonly totals: Totals
  readonly positions: Positions
  readonly tombstones: Tombstones
  readonly deleter: Deleter
}

/** Log events in segments and in the column store, as one. */
export class StoredLogJournal implements LogJournal {
  readonly #deps: StoredLogJournalDeps

  constructor(deps: StoredLogJournalDeps) {
    this.#deps = deps
  }

  async append(batch: LogBatch): Promise<Appended> {
    checkBatch(batch)
    const { journal, tombstones } = this.#deps
    const { checkpoint } = batch
    if (checkpoint !== undefined) {
      // Nothing may come between this answer and the append, or the same checkpoint could pass twice.
      for (let known = this.#isRepeated(checkpoint); known !== false; known = this.#isRepeated(checkpoint)) {
        if (known === true) return { ingestionTime: journal.ingestionTime, firstSeq: journal.nextSeq, repeated: true }
        await known
      }
    }
    // Group or stream were deleted since the caller looked: the events come and go at once, the checkpoint counts.
    const isDeleted = tombstones.isStreamDeleted(batch.group, batch.stream)
    const stored = isDeleted ? { ...batch, events: listedEvents([]) } : batch
    const stamp = await journal.append(checkpoint, (writer, given) => encodeBatch(writer, stored, given))
    return { ingestionTime: stamp.ingestionTime, firstSeq: stamp.firstSeq, repeated: false }
  }

  /** Whether a checkpoint is not beyond the committed one. A promise: ask again when it has resolved. */
  #isRepeated({ source, sequence }: Checkpoint): boolean | Promise<void> {
    const { journal, positions } = this.#deps
    const pending = journal.pendingPosition(source)
    // One that is on its way may yet be refused.
    if (pending !== undefined) return sequence <= pending.sequence && journal.settled()
    const durable = positions.durable(journal, source)
    if (durable === 'unknown') return positions.load(journal, source)
    return durable !== undefined && sequence <= durable.sequence
  }

  async query(query: LogQuery): Promise<readonly StoredLogEvent[]> {
    const { journal, tombstones } = this.#deps
    query.signal.throwIfAborted()
    if (query.limit < 1 || query.streams?.length === 0 || tombstones.isGroupDeleted(query.group)) return []
    const snapshot = journal.snapshot()
    try {
      const hidden = tombstones.hiddenStreams(query.group)
      const hiddenNow = [...hidden]
      const memory = await readMemory(snapshot, journal.layout, query, new Set(hiddenNow))
      const columns = await readColumns(
        {
          columns: this.#deps.columns,
          layout: journal.layout,
          totals: this.#deps.totals,
          table: (signal) => journal.table(signal),
        },
        query,
        snapshot.watermark,
        memory,
        hiddenNow,
      )
      return mergePages(memory.events, columns, query)
    } finally {
      snapshot.release()
    }
  }

  async streamTimes(group: number, stream: number): Promise<StreamTimes | undefined> {
    const { journal, tombstones, totals } = this.#deps
    if (tombstones.isStreamDeleted(group, stream)) return undefined
    const times = await totals.timesOf(journal, group, stream)
    return (
      times && { firstEventTimestamp: times.first, lastEventTimestamp: times.last, lastIngestionTime: times.ingestion }
    )
  }

  async storedBytes(group: number): Promise<number> {
    const { journal, tombstones, totals } = this.#deps
    return tombstones.isGroupDeleted(group) ? 0 : totals.bytesOf(journal, group)
  }

  async checkpoint(source: string): Promise<Checkpoint | undefined> {
    const { journal, positions } = this.#deps
    for (;;) {
      const durable = positions.durable(journal, source)
      if (durable !== 'unknown') return durable
      await positions.load(journal, source)
    }
  }

  async deleteGroup(group: number): Promise<void> {
    if (this.#deps.tombstones.isGroupDeleted(group)) return
    await this.#bury({ kind: 'group', group, cut: this.#deps.journal.nextSeq })
  }

  async deleteStream(group: number, stream: number): Promise<void> {
    if (this.#deps.tombstones.isStreamDeleted(group, stream)) return
    await this.#bury({ kind: 'stream', group, stream, cut: this.#deps.journal.nextSeq, counted: false })
  }

  async deleteBefore(group: number, before: EpochMillis): Promise<void> {
    const { journal, tombstones } = this.#deps
    // Whole days: a part of a day would be rewritten again and again as time goes on.
    const day = Math.floor(before / DAY_MILLIS) * DAY_MILLIS
    const tombstone: Tombstone = { kind: 'before', group, before: day, cut: journal.nextSeq, counted: false }
    if (tombstones.isGroupDeleted(group) || tombstones.has(tombstone) || !(await this.#hasBefore(group, day))) return
    await this.#bury(tombstone)
  }

  async #hasBefore(group: number, time: EpochMillis): Promise<boolean> {
    const { journal, totals } = this.#deps
    if (
      journal.segments.some((segment) => segment.runsOf.get(group)?.some((run) => run.firstTimestamp < time) === true)
    )
      return true
    const inserted = await totals.inserted(group)
    return inserted !== undefined && inserted.events > 0 && inserted.first < time
  }

  async #bury(tombstone: Tombstone): Promise<void> {
    const { records, tombstones, deleter } = this.#deps
    tombstones.add(tombstone)
    try {
      await records.commit([putTombstone(tombstone)])
    } catch (error) {
      tombstones.revoke(tombstone)
      throw error
    }
    deleter.wake()
  }

  health(): JournalHealth {
    return this.#deps.journal.health
  }

  async close(): Promise<void> {
    await this.#deps.deleter.close()
    await this.#deps.journal.close()
  }
}
