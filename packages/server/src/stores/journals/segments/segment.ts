import type { Checkpoint } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { WrittenGroup } from './row-writer.ts'
import { RUN_OVERHEAD_BYTES, type Run } from './run.ts'
import type { SegmentFile } from './segment-file.ts'
import type { Slab, SlabPool } from './slab.ts'

/** What a group of batches adds to its segment once it is committed. */
export interface CommittedGroup {
  readonly runs: readonly Run[]
  readonly positions: Iterable<Checkpoint>
  readonly bytes: number
  readonly nextSeq: number
  readonly ingestionTime: EpochMillis
}

/** A file of committed rows on its way into the column store, and what is known about it in memory. */
export class Segment {
  readonly firstSeq: number
  readonly file: SegmentFile
  /** False when an insert may have begun before: then what is there is counted first. */
  certain: boolean
  sealed = false
  /** First seq after the segment. */
  nextSeq: number
  bytes = 0
  rows = 0
  ingestionTime: EpochMillis = 0
  minTimestamp = Infinity
  maxTimestamp = -Infinity
  readonly runsOf = new Map<number, Run[]>()
  readonly positions = new Map<string, Checkpoint>()
  readonly #pool: SlabPool
  readonly #slabs = new Set<Slab>()
  #runs = 0
  #readers = 0
  #gone = false

  constructor(firstSeq: number, file: SegmentFile, pool: SlabPool, certain: boolean) {
    this.firstSeq = firstSeq
    this.nextSeq = firstSeq
    this.file = file
    this.#pool = pool
    this.certain = certain
  }

  /** What it holds against the bound of waiting bytes. */
  get heldBytes(): number {
    return this.bytes + this.#runs * RUN_OVERHEAD_BYTES
  }

  /** Bytes of its slabs that are in memory. */
  get memoryBytes(): number {
    let bytes = 0
    for (const slab of this.#slabs) bytes += slab.bytes?.length ?? 0
    return bytes
  }

  /** Makes a group visible to readers; it is durable now. */
  add(group: CommittedGroup): void {
    for (const run of group.runs) {
      const runs = this.runsOf.get(run.group)
      if (runs === undefined) this.runsOf.set(run.group, [run])
      else runs.push(run)
      this.rows += run.rows
      if (run.firstTimestamp < this.minTimestamp) this.minTimestamp = run.firstTimestamp
      if (run.lastTimestamp > this.maxTimestamp) this.maxTimestamp = run.lastTimestamp
      this.#slabs.add(run.slab)
    }
    this.#runs += group.runs.length
    for (const checkpoint of group.positions) this.positions.set(checkpoint.source, checkpoint)
    this.bytes += group.bytes
    this.nextSeq = group.nextSeq
    this.ingestionTime = group.ingestionTime
  }

  /** Keeps the bytes in memory of the slabs that a written group lies in. */
  hold(group: WrittenGroup): void {
    for (const { slab, end } of group.pieces) {
      slab.length = end
      this.#slabs.add(slab)
    }
  }

  /** Leaves the rows to the file; the index stays. Only for sealed segments. */
  evict(): void {
    for (const slab of this.#slabs) this.#dropBytes(slab)
  }

  /** While retained, slabs and file stay readable. */
  retain(): void {
    this.#readers += 1
  }

  release(): void {
    this.#readers -= 1
    if (this.#gone && this.#readers === 0) void this.#closeFile()
  }

  /** Its rows are in the column store: gives back its memory, and its file as soon as the last reader has left. */
  async leave(): Promise<void> {
    this.#gone = true
    await this.file.remove()
    if (this.#readers > 0) return
    for (const slab of this.#slabs) this.#dropBytes(slab)
    await this.#closeFile()
  }

  async #closeFile(): Promise<void> {
    await this.file.close().catch(() => {})
  }

  #dropBytes(slab: Slab): void {
    // A buffer that someone still reads must not be written again; the garbage collector takes it.
    if (slab.bytes !== undefined && this.#readers === 0) this.#pool.give(slab.bytes)
    slab.bytes = undefined
  }
}
