import type { BatchLimits, DeliveryEvent } from '#delivery/batch.ts'

/** A place in a source. */
export interface Mark {
  /** Bytes that the source has put behind it in all its life; grows with every event. */
  readonly sequence: number
  /** Where the source continues; only the source can read it. At most 1,000 characters. */
  readonly position: string
}

/** The mark that is further on. */
export const furthest = (mark: Mark, other: Mark | undefined): Mark =>
  other !== undefined && other.sequence > mark.sequence ? other : mark

export interface SourceBatch {
  /** Empty: nothing complete after the mark. */
  readonly events: readonly DeliveryEvent[]
  /** The place behind these events. With no events it may still have moved, past what gives no event. */
  readonly next: Mark
  /** True when there may be more to read at once. */
  readonly more: boolean
}

/**
 * Where events come from. A source keeps no place of its own: the pump hands it the mark to read from, and reads again
 * from the same mark after a failure. Every method may throw an Error of one sentence; the pump waits and tries again.
 */
export interface Source {
  /** Must answer the mark to begin with: the committed one, unless something durable of its own says further. */
  open(committed: Mark | undefined): Promise<Mark>
  /** Must see what is there now. The other methods speak of what the last look saw. */
  look(): Promise<void>
  /** Must return the events after `from` that fit; the same bytes always give the same events. */
  read(from: Mark, limits: BatchLimits): Promise<SourceBatch>
  /** Must resolve soon after there may be more than the last look saw, and at once when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>
  /** `mark` is committed at the destination: must free what lies before it. */
  release(mark: Mark): Promise<void>
  /** Whether more waits after `from` than the bound allows. */
  isOverfull(from: Mark): boolean
  /** Must give up the oldest events after `from` until the bound holds, durably noted before they are gone. */
  makeRoom(from: Mark): Promise<Mark>
  /** Must pass over everything after `from`, durably. */
  skip(from: Mark): Promise<void>
  /** Nothing is delivered: must free all but the newest, as long as the source says. */
  discard(): Promise<void>
  /** Bytes after `from`. */
  lagBytes(from: Mark): number
  /** Bytes given up in all the source's life. */
  readonly lostBytes: number
  close(): Promise<void>
}
