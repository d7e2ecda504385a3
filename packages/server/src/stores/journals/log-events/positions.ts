import type { Checkpoint } from '#kernel/call.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'
import { COLLECTIONS, journalKey } from '#stores/journals/segments/journal-records.ts'
import type { Segment } from '#stores/journals/segments/segment.ts'
import type { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { consistently } from '#stores/journals/segments/totals.ts'

/** Sources whose position is remembered; others are read from the records again. */
const MAX_REMEMBERED = 10_000

/** How far sources were read, from the moment a position is durable. */
export class Positions {
  readonly #records: RecordStore
  readonly #remembered = new Map<string, Checkpoint | undefined>()

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** The committed position. `'unknown'`: ask {@link load} first. */
  durable(journal: SegmentJournal, source: string): Checkpoint | undefined | 'unknown' {
    for (let index = journal.segments.length - 1; index >= 0; index--) {
      const found = journal.segments[index]?.positions.get(source)
      if (found !== undefined) return found
    }
    return this.#remembered.has(source) ? this.#remembered.get(source) : 'unknown'
  }

  async load(journal: SegmentJournal, source: string): Promise<void> {
    const record = await consistently(journal, () =>
      this.#records.get<Checkpoint>(journalKey(COLLECTIONS.position, source)),
    )
    this.#remember(source, record?.value)
  }

  changesFor(segment: Segment): RecordChange[] {
    return Array.from(segment.positions.values(), (checkpoint) => ({
      kind: 'put',
      key: journalKey(COLLECTIONS.position, checkpoint.source),
      value: checkpoint,
    }))
  }

  /** The segment's positions are in the records now. */
  left(segment: Segment): void {
    for (const checkpoint of segment.positions.values()) this.#remember(checkpoint.source, checkpoint)
  }

  #remember(source: string, checkpoint: Checkpoint | undefined): void {
    this.#remembered.delete(source)
    this.#remembered.set(source, checkpoint)
    if (this.#remembered.size <= MAX_REMEMBERED) return
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest)
      return
    }
  }
}
