import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { Backlogged, type JournalHealth } from '#stores/journals/log-journal.ts'
import { claimDirectory } from '#stores/journals/version-file.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'
import { GroupCommitter, type Urgency } from './group-committer.ts'
import type { Stamp } from './group-queue.ts'
import { Inserter } from './inserter.ts'
import { COLLECTIONS, type JournalState, journalKey, newState, readState } from './journal-records.ts'
import { DEFAULT_LIMITS, type JournalLimits } from './limits.ts'
import { orAbort } from './or-abort.ts'
import { type Recovered, recoverSegments } from './recover.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import type { Segment } from './segment.ts'
import { diskSegmentFiles, firstSeqIn, type SegmentFiles } from './segment-file.ts'
import { counterFrom } from './seq.ts'
import { SlabPool } from './slab.ts'
import { createTable, rowsOf, type TableSchema } from './table-schema.ts'

/** Form of a journal's directory and table, unless the table says otherwise. */
const VERSION = 1
/** How long closing waits for the column store to take what is waiting. */
const CLOSE_GRACE_MILLIS = 3_000
const OPEN_MILLIS = 30_000

export interface SegmentJournalOptions {
  readonly directory: string
  readonly table: TableSchema
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<JournalLimits>
  /** Stands in for the disk in tests. */
  readonly files?: (directory: string) => SegmentFiles
  /**
   * Commits the journal's state together with whatever else the segment changes, all or nothing. It is called again for the
   * same segment when it fails or when its outcome was not learnt.
   */
  readonly commit: (segment: Segment, state: RecordChange) => Promise<void>
  /** The segment's records are committed; from here on it is read from the column store. */
  readonly left?: (segment: Segment) => void
}

/** What a reader sees: everything below the watermark in the column store, everything else in these segments. */
export interface Snapshot {
  /** First seq that is not read from the column store. */
  readonly watermark: number
  /** Oldest first; they stay readable until released. */
  readonly segments: readonly Segment[]
  release(): void
}

/** One table's way from encoded rows over segments into the column store. */
export class SegmentJournal {
  readonly layout: RowLayout
  readonly #options: SegmentJournalOptions
  readonly #limits: JournalLimits
  readonly #committer: GroupCommitter
  readonly #inserter: Inserter
  /** Everything committed that is not in the column store, oldest first. */
  readonly #segments: Segment[]
  #heldBytes = 0
  #epoch = 0
  #closed = false
  #drained: (() => void)[] = []

  /**
   * Recovers what an earlier run left; inserting it goes on in the background.
   * @throws Error when the directory or the records are of a newer version, or the records are missing
   */
  static async open(options: SegmentJournalOptions): Promise<SegmentJournal> {
    claimDirectory(options.directory, options.table.form ?? VERSION)
    const directory = realpathSync(options.directory)
    const { columns, records, table, telemetry } = options
    columns.fileLiteral(`${directory}/x`)
    const pool = new SlabPool()
    const layout = new RowLayout(table)
    const files = (options.files ?? diskSegmentFiles)(directory)
    const state = (await readState(records, table.name)) ?? (await beginJournal(options, directory))
    const recovered = await recoverSegments({ directory, files, layout, pool, telemetry, committedSeq: state.nextSeq })
    const journal = new SegmentJournal(options, { layout, pool, files, recovered, state })
    journal.#inserter.wake()
    return journal
  }

  private constructor(
    options: SegmentJournalOptions,
    parts: {
      readonly layout: RowLayout
      readonly pool: SlabPool
      readonly files: SegmentFiles
      readonly recovered: Recovered
      readonly state: JournalState
    },
  ) {
    const { layout, pool, files, recovered, state } = parts
    const { clock, telemetry, columns, table, commit } = options
    this.#options = options
    this.layout = layout
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#segments = [...recovered.segments]
    for (const segment of this.#segments) this.#heldBytes += segment.heldBytes
    this.#committer = new GroupCommitter({
      writer: new RowWriter(pool, layout.columns),
      pool,
      files,
      clock,
      telemetry,
      limits: this.#limits,
      counter: counterFrom(Math.max(state.nextSeq, recovered.nextSeq, 1)),
      ingestionTime: Math.max(state.ingestionTime, recovered.ingestionTime),
      opened: (segment) => void this.#segments.push(segment),
      sealed: (segment) => this.#sealed(segment),
      inserterIdle: () => this.#inserter.isIdle,
    })
    this.#inserter = new Inserter({
      table,
      columns,
      telemetry,
      state,
      next: () => (this.#segments[0]?.sealed === true ? this.#segments[0] : undefined),
      commit,
      inserted: (segment) => this.#inserted(segment),
      idle: () => this.#committer.sealIfDue(),
    })
  }

  /** Counts up whenever a segment leaves memory; what was read from two places is consistent when it did not change. */
  get epoch(): number {
    return this.#epoch
  }

  /** Every seq given out so far is below it. */
  get nextSeq(): number {
    return this.#committer.nextSeq
  }

  /** The ingestion time of the latest batch, or now if that is later. */
  get ingestionTime(): EpochMillis {
    return Math.max(this.#committer.ingestionTime, this.#options.clock.now())
  }

  /** Committed segments that are not in the column store, oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments
  }

  get health(): JournalHealth {
    const { columns } = this.#options
    const lastError = this.#inserter.lastError ?? (columns.state === 'running' ? undefined : columns.lastError)
    return {
      columnStore: columns.state,
      waitingBytes: this.#waitingBytes(),
      ...(lastError === undefined ? {} : { lastError }),
    }
  }

  /**
   * Takes one batch and resolves when it is durable, a moment later when that is not urgent.
   * @throws Backlogged (at once) when too much is waiting; JournalWriteFailed (rejection) when the disk refused it
   */
  append(
    checkpoint: Checkpoint | undefined,
    encode: (writer: RowWriter, stamp: Stamp) => void,
    urgency: Urgency = 'now',
  ): Promise<Stamp> {
    if (this.#closed) throw new Error('the journal is closed')
    const waiting = this.#heldBytes + this.#openBytes() + this.#committer.pendingBytes
    if (waiting >= this.#limits.waitingBytes) throw new Backlogged(waiting)
    return this.#committer.add(checkpoint, encode, urgency)
  }

  /** The latest checkpoint of a source that is not durable yet. */
  pendingPosition(source: string): Checkpoint | undefined {
    return this.#committer.pendingPosition(source)
  }

  /** Resolves when everything taken before is durable or refused. */
  settled(): Promise<void> {
    return this.#committer.settled()
  }

  snapshot(): Snapshot {
    const segments = [...this.#segments]
    for (const segment of segments) segment.retain()
    return {
      watermark: segments[0]?.firstSeq ?? this.#committer.durableNextSeq,
      segments,
      release: () => {
        for (const segment of segments) segment.release()
      },
    }
  }

  /** Resolves when the table can be queried. */
  table(signal: AbortSignal): Promise<void> {
    return this.#inserter.table(signal)
  }

  /** Resolves when every row below `seq` is in the column store and its records are committed. */
  async insertedThrough(seq: number, signal: AbortSignal): Promise<void> {
    await this.settled()
    while ((this.#segments[0]?.firstSeq ?? Infinity) < seq) {
      await orAbort(new Promise<void>((resolve) => void this.#drained.push(resolve)), signal)
    }
  }

  /** Seals what is committed now instead of when it is due. */
  sealNow(): Promise<void> {
    return this.#committer.sealNow()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#committer.settled()
    await this.#committer.sealNow()
    this.#committer.close()
    const isRunning = this.#options.columns.state === 'running'
    await this.#inserter.close(isRunning ? CLOSE_GRACE_MILLIS : 0)
    for (const segment of this.#segments) await segment.file.close()
  }

  #waitingBytes(): number {
    let bytes = this.#committer.pendingBytes
    for (const segment of this.#segments) bytes += segment.bytes
    return bytes
  }

  /** Held by the segment that is still written to; sealed ones are counted in `#heldBytes`. */
  #openBytes(): number {
    const last = this.#segments.at(-1)
    return last === undefined || last.sealed ? 0 : last.heldBytes
  }

  #sealed(segment: Segment): void {
    this.#heldBytes += segment.heldBytes
    this.#report()
    this.#evict()
    this.#inserter.wake()
  }

  #report(): void {
    const { telemetry, table } = this.#options
    telemetry.meter.set('journal_waiting_bytes', this.#waitingBytes(), { table: table.name })
  }

  /** The oldest go to the file first: they are the next to leave anyway. */
  #evict(): void {
    let room = this.#limits.memoryBytes
    for (const segment of this.#segments.toReversed()) {
      room -= segment.memoryBytes
      if (room < 0 && segment.sealed) segment.evict()
    }
  }

  #inserted(segment: Segment): void {
    this.#segments.shift()
    this.#heldBytes -= segment.heldBytes
    this.#epoch += 1
    this.#report()
    this.#options.left?.(segment)
    const drained = this.#drained
    this.#drained = []
    for (const resolve of drained) resolve()
  }
}

/**
 * The first state of a journal. Numbers of groups and events would begin again with it, so nothing older may be there.
 * @throws Error when rows or segments are there without their records
 */
async function beginJournal(
  { columns, records, table }: SegmentJournalOptions,
  directory: string,
): Promise<JournalState> {
  await columns.command(createTable(table))
  const count = await columns.read({
    sql: `SELECT count() FROM ${table.name}`,
    format: 'RowBinary',
    needs: rowsOf(table),
    signal: AbortSignal.timeout(OPEN_MILLIS),
  })
  const segments = (await readdir(directory)).filter((name) => firstSeqIn(name) !== undefined)
  if (count.readBigUInt64LE(0) > 0n || segments.length > 0) {
    throw new Error(
      `the journal ${table.name} holds events, but its records are missing; restore records, journal and column store from the same backup`,
    )
  }
  const state = newState(randomUUID())
  await records.commit([{ kind: 'put', key: journalKey(COLLECTIONS.state, table.name), value: state, expect: 0 }])
  return state
}
