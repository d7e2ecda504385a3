import type { Checkpoint } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'

/** The position of an event: rows are ordered by (timestamp, seq), and so are event ids. */
export interface EventKey {
  readonly timestamp: EpochMillis
  /** Request counter × 2^14 + index in the batch; unique, monotonic across restarts; a safe integer. */
  readonly seq: number
}

/** An event as it was stored. */
export interface StoredLogEvent extends EventKey {
  readonly group: number
  readonly stream: number
  readonly ingestionTime: EpochMillis
  readonly message: string
}

/** A message as UTF-8, from one byte up to, not including, another. */
export interface MessageBytes {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** Where messages are written next to each other; other bytes may lie between them. */
export interface MessageRoom {
  readonly bytes: Buffer
  /** Where each message begins and ends in the bytes. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Events in a row, however they are held: as objects, or as they came in a body. Nothing is made of a message unless asked for. */
export interface LogEvents {
  readonly length: number
  timestamp(index: number): EpochMillis
  message(index: number): string
  /** Bytes of a message as UTF-8; a half of a character counts as U+FFFD. */
  messageBytes(index: number): number
  /** Writes a message as UTF-8 to where there is room for {@link messageBytes}. */
  copyMessage(index: number, into: Buffer, offset: number): void
  /** Where a message lies as UTF-8. `undefined`: nowhere. */
  place(index: number): MessageBytes | undefined
  /**
   * Writes messages into a room as UTF-8, from one on, for as long as they fit.
   * @returns how many; none when the first is too long, or UTF-8 cannot say it since it has half of a character
   */
  copyMessages(from: number, room: MessageRoom): number
  /** Whether any message contains a text that has a quote in it. */
  someQuoting(text: string): boolean
  /** The events from one place up to, not including, another. */
  slice(from: number, to: number): LogEvents
}

/** Events of one stream that are stored together, or not at all. */
export interface LogBatch {
  /** Number of the log group, from its record; never reused. */
  readonly group: number
  readonly stream: number
  /** In non-decreasing order of timestamp; at most 10,000. May be empty when only a checkpoint is to be committed. */
  readonly events: LogEvents
  readonly checkpoint?: Checkpoint
}

/** What became of a batch. */
export interface Appended {
  readonly ingestionTime: EpochMillis
  /** Seq of the first event of the batch. */
  readonly firstSeq: number
  /** True when the checkpoint was not beyond the committed one, so nothing was written. */
  readonly repeated: boolean
}

/** Which events to read, in which order; every member narrows it. */
export interface LogQuery {
  readonly group: number
  /** Only these streams; left out: all of the group. */
  readonly streams?: readonly number[]
  /** Inclusive. */
  readonly from?: EpochMillis
  /** Exclusive. */
  readonly to?: EpochMillis
  /** Only events after this one (exclusive), in key order. */
  readonly after?: EventKey
  /** Only events before this one (exclusive), in key order. */
  readonly before?: EventKey
  readonly order: 'ascending' | 'descending'
  readonly limit: number
  /**
   * Stop soon after so many UTF-8 bytes of messages were collected, so that a page of big events stays small in memory.
   * At least one event is returned when there is one; fewer than `limit` events below this size mean the end.
   */
  readonly maxBytes?: number
  /**
   * Literals that a message must (`include`) or must not (`exclude`) contain, pushed down as far as it helps.
   * Exactly: events that contain every `include`, at least one of `any` when there are some, and no `exclude`.
   */
  readonly containing?: {
    readonly include: readonly string[]
    readonly exclude: readonly string[]
    readonly any: readonly string[]
  }
  readonly signal: AbortSignal
}

/** What DescribeLogStreams tells of a stream's events. */
export interface StreamTimes {
  readonly firstEventTimestamp: EpochMillis
  readonly lastEventTimestamp: EpochMillis
  readonly lastIngestionTime: EpochMillis
}

/** Log events: what happened in streams. The rules are in docs/architecture.md. */
export interface LogJournal {
  /**
   * Must be durable when it resolves: the batch survives kill -9 and power loss, checkpoint included.
   * @throws Backlogged when more is waiting for the column store than memory may hold
   */
  append(batch: LogBatch): Promise<Appended>
  /** Must yield every acknowledged event of the query exactly once, in the order asked for, whether inserted yet or not. */
  query(query: LogQuery): Promise<readonly StoredLogEvent[]>
  /** First and last times of a stream. `undefined`: no event was ever stored in it. */
  streamTimes(group: number, stream: number): Promise<StreamTimes | undefined>
  /** UTF-8 bytes of messages + 26 for each event that is stored for the group. */
  storedBytes(group: number): Promise<number>
  /** The committed checkpoint of a source. */
  checkpoint(source: string): Promise<Checkpoint | undefined>
  /** Hides the group's events at once and frees their space soon; the number is never used again. */
  deleteGroup(group: number): Promise<void>
  deleteStream(group: number, stream: number): Promise<void>
  /**
   * Frees events older than `before` (exclusive), whole UTC days at a time, so that calling it often costs nothing. Hiding
   * them from reads is the caller's part: it knows the retention.
   */
  deleteBefore(group: number, before: EpochMillis): Promise<void>
  health(): JournalHealth
  close(): Promise<void>
}

export interface JournalHealth {
  /** False while the column store does not answer; appends are still acknowledged. */
  readonly columnStore: 'running' | 'restarting'
  /** Bytes acknowledged but not yet inserted. */
  readonly waitingBytes: number
  /** The last failure, in a sentence. */
  readonly lastError?: string
}

/** Too much is waiting for the column store; the caller answers ThrottlingException. */
export class Backlogged extends Error {
  constructor(waitingBytes: number) {
    super(`${String(waitingBytes)} bytes are waiting for the column store; no more are taken until it catches up`)
    this.name = 'Backlogged'
  }
}
