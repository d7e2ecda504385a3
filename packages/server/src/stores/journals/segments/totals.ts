import type { EpochMillis } from '#kernel/ids.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'
import { COLLECTIONS, journalKey } from './journal-records.ts'
import type { Run } from './run.ts'
import type { Segment } from './segment.ts'
import type { SegmentJournal } from './segment-journal.ts'

/** What CloudWatch Logs adds to every event's bytes. */
export const EVENT_OVERHEAD_BYTES = 26

/** What of a group is in the column store. */
export interface GroupTotals {
  readonly events: number
  /** UTF-8 bytes of texts and 26 for each event. */
  readonly bytes: number
  readonly first: EpochMillis
  readonly last: EpochMillis
  /** Segments below this seq are counted. */
  readonly through: number
}

/** What of a stream is in the column store. */
export interface StreamTotals {
  readonly first: EpochMillis
  readonly last: EpochMillis
  readonly ingestion: EpochMillis
}

const DIGITS = 10
const digits = (number: number): string => String(number).padStart(DIGITS, '0')

/** Counts what groups and streams hold: records for what is in the column store, segments for the rest. */
export class Totals {
  readonly #records: RecordStore
  readonly #table: string

  constructor(records: RecordStore, table: string) {
    this.#records = records
    this.#table = table
  }

  groupKey = (group: number) => journalKey(COLLECTIONS.group, `${this.#table}/${digits(group)}`)
  streamKey = (group: number, stream: number) =>
    journalKey(COLLECTIONS.stream, `${this.streamPrefix(group)}${digits(stream)}`)
  streamPrefix = (group: number): string => `${this.#table}/${digits(group)}/`

  async inserted(group: number): Promise<GroupTotals | undefined> {
    return (await this.#records.get<GroupTotals>(this.groupKey(group)))?.value
  }

  async insertedStream(group: number, stream: number): Promise<StreamTotals | undefined> {
    return (await this.#records.get<StreamTotals>(this.streamKey(group, stream)))?.value
  }

  /** UTF-8 bytes of texts and 26 for each event of the group, wherever they are. */
  async bytesOf(journal: SegmentJournal, group: number): Promise<number> {
    const inserted = await consistently(journal, () => this.inserted(group))
    let bytes = inserted?.bytes ?? 0
    for (const segment of journal.segments) {
      if (segment.firstSeq < (inserted?.through ?? 0)) continue
      for (const run of segment.runsOf.get(group) ?? []) bytes += bytesOfRun(run)
    }
    return bytes
  }

  /** First and last times of a stream, wherever its events are. */
  async timesOf(journal: SegmentJournal, group: number, stream: number): Promise<StreamTotals | undefined> {
    let totals = await consistently(journal, () => this.insertedStream(group, stream))
    for (const segment of journal.segments) {
      for (const run of segment.runsOf.get(group) ?? []) if (run.sub === stream) totals = withRun(totals, run)
    }
    return totals
  }

  /** The changes that a segment makes. Doing them twice does nothing more. */
  async changesFor(
    segment: Segment,
    skip: { group(group: number): boolean; stream(group: number, stream: number): boolean },
  ): Promise<RecordChange[]> {
    const changes: RecordChange[] = []
    for (const [group, runs] of segment.runsOf) {
      if (skip.group(group)) continue
      const totals = await this.inserted(group)
      if (totals === undefined || totals.through < segment.nextSeq) {
        changes.push({ kind: 'put', key: this.groupKey(group), value: withRuns(totals, runs, segment.nextSeq) })
      }
      for (const [stream, times] of timesByStream(runs)) {
        if (skip.stream(group, stream)) continue
        const before = await this.insertedStream(group, stream)
        changes.push({
          kind: 'put',
          key: this.streamKey(group, stream),
          value: before === undefined ? times : joined(before, times),
        })
      }
    }
    return changes
  }
}

/** Reads a record again when a segment went from memory to the records meanwhile, so that none is missed. */
export async function consistently<T>(journal: SegmentJournal, read: () => Promise<T>): Promise<T> {
  for (;;) {
    const { epoch } = journal
    const value = await read()
    if (journal.epoch === epoch) return value
  }
}

const bytesOfRun = (run: Run): number => run.textBytes + EVENT_OVERHEAD_BYTES * run.rows

function withRuns(totals: GroupTotals | undefined, runs: readonly Run[], through: number): GroupTotals {
  let { events, bytes, first, last } = totals ?? { events: 0, bytes: 0, first: Infinity, last: -Infinity }
  for (const run of runs) {
    events += run.rows
    bytes += bytesOfRun(run)
    first = Math.min(first, run.firstTimestamp)
    last = Math.max(last, run.lastTimestamp)
  }
  return { events, bytes, first, last, through }
}

function timesByStream(runs: readonly Run[]): Map<number, StreamTotals> {
  const times = new Map<number, StreamTotals>()
  for (const run of runs) times.set(run.sub, withRun(times.get(run.sub), run))
  return times
}

const withRun = (totals: StreamTotals | undefined, run: Run): StreamTotals => {
  const own = { first: run.firstTimestamp, last: run.lastTimestamp, ingestion: run.ingestionTime }
  return totals === undefined ? own : joined(totals, own)
}

const joined = (a: StreamTotals, b: StreamTotals): StreamTotals => ({
  first: Math.min(a.first, b.first),
  last: Math.max(a.last, b.last),
  ingestion: Math.max(a.ingestion, b.ingestion),
})
