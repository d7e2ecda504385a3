import type { EpochMillis } from '#kernel/ids.ts'
import type { Slab } from './slab.ts'

/**
 * Consecutive rows of one batch: same group and sub, timestamps not decreasing, seqs counting up. It lies in one slab.
 * Runs are the index of a segment: they are found by group and time, and each is sorted already.
 */
export interface Run {
  readonly group: number
  readonly sub: number
  readonly firstTimestamp: EpochMillis
  readonly lastTimestamp: EpochMillis
  readonly ingestionTime: EpochMillis
  readonly firstSeq: number
  readonly rows: number
  /** UTF-8 bytes of all strings in the rows; for log events that is the messages. */
  readonly textBytes: number
  readonly slab: Slab
  /** Within the slab. */
  readonly start: number
  /** Within the slab, exclusive. */
  readonly end: number
}

/** Roughly what a run costs in memory beside its rows. */
export const RUN_OVERHEAD_BYTES = 160
