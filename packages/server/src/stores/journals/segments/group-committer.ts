import type { Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { type Group, GroupQueue, type Stamp, type Target } from './group-queue.ts'
import { JournalWriteFailed } from './journal-write-failed.ts'
import type { JournalLimits } from './limits.ts'
import type { RowWriter, WrittenGroup } from './row-writer.ts'
import { Segment } from './segment.ts'
import type { SegmentFiles } from './segment-file.ts'
import { firstSeqOf } from './seq.ts'
import type { SlabPool } from './slab.ts'

export interface GroupCommitterDeps {
  readonly writer: RowWriter
  readonly pool: SlabPool
  readonly files: SegmentFiles
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits: JournalLimits
  /** The first request counter to give out, and the ingestion time not to fall behind. */
  readonly counter: number
  readonly ingestionTime: EpochMillis
  /** A segment has its first committed rows; readers must see it from now on. */
  readonly opened: (segment: Segment) => void
  readonly sealed: (segment: Segment) => void
  /** Whether a sealed segment would be inserted at once; small ones are not queued up behind a busy store. */
  readonly inserterIdle: () => boolean
}

/** Nobody waits for what may come later, so that much of it shares a commit. */
const LATER_MILLIS = 20

/** Whether somebody waits for a batch to be durable. */
export type Urgency = 'now' | 'later'

/**
 * The write-ahead log. Batches are encoded as they come; all that came while one commit was under way make the next one,
 * which begins when the last one ends. Batches that nobody waits for join whatever commit comes next, and begin one
 * themselves after {@link LATER_MILLIS}.
 */
export class GroupCommitter {
  readonly #deps: GroupCommitterDeps
  readonly #queue: GroupQueue
  #durableNextSeq: number
  #inFlight: Group | undefined
  #isRunning = false
  /** Somebody waits for what is in the queue. */
  #isUrgent = false
  #timer: NodeJS.Timeout | undefined
  #later: NodeJS.Timeout | undefined

  constructor(deps: GroupCommitterDeps) {
    this.#deps = deps
    this.#queue = new GroupQueue({ ...deps, segmentBytes: deps.limits.segmentBytes })
    this.#durableNextSeq = firstSeqOf(deps.counter)
  }

  /** Every seq given out so far is below it. */
  get nextSeq(): number {
    return this.#queue.nextSeq
  }

  /** Every acknowledged seq is below it, and none that is still to be acknowledged. */
  get durableNextSeq(): number {
    return this.#durableNextSeq
  }

  get ingestionTime(): EpochMillis {
    return this.#queue.ingestionTime
  }

  /** Bytes taken but not yet committed. */
  get pendingBytes(): number {
    return this.#queue.bytes + (this.#inFlight?.written.bytes ?? 0)
  }

  /** The latest checkpoint of a source that is not durable yet. */
  pendingPosition(source: string): Checkpoint | undefined {
    return this.#queue.position(source) ?? this.#inFlight?.positions.get(source)
  }

  /**
   * Takes one batch; `encode` writes its rows at once and must not throw.
   * @throws JournalWriteFailed (rejection) when the disk refused it; nothing of the batch is stored then
   */
  add(
    checkpoint: Checkpoint | undefined,
    encode: (writer: RowWriter, stamp: Stamp) => void,
    urgency: Urgency = 'now',
  ): Promise<Stamp> {
    const acknowledged = this.#queue.add(checkpoint, encode)
    if (urgency === 'now') this.#hurry()
    else if (!this.#isRunning) this.#wait()
    return acknowledged
  }

  /** Resolves when everything taken before is durable or refused. */
  async settled(): Promise<void> {
    if (!this.#queue.isEmpty) this.#hurry()
    await (this.#queue.ended ?? this.#inFlight?.ended.promise)
  }

  /** The inserter has nothing left: a segment that is due need not wait any longer. */
  sealIfDue(): void {
    const { target } = this.#queue
    if (target?.due === true) this.#sealIfQuiet(target)
  }

  /** Seals what is committed, whatever its age. */
  async sealNow(): Promise<void> {
    await this.settled()
    const { target } = this.#queue
    if (target !== undefined) this.#sealIfQuiet(target)
  }

  close(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#later)
  }

  #hurry(): void {
    this.#isUrgent = true
    if (!this.#isRunning) void this.#commitAll()
  }

  #wait(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined
      if (!this.#queue.isEmpty) this.#hurry()
    }, LATER_MILLIS)
  }

  async #commitAll(): Promise<void> {
    this.#isRunning = true
    // What arrives in the same turn of the event loop shares a commit.
    await new Promise((resolve) => void setImmediate(resolve))
    while (this.#isUrgent) {
      const group = this.#queue.next()
      this.#isUrgent = !this.#queue.isEmpty
      if (group !== undefined) await this.#commit(group)
    }
    this.#isRunning = false
    if (!this.#queue.isEmpty) this.#wait()
    if (this.#deps.inserterIdle()) this.sealIfDue()
  }

  async #commit(group: Group): Promise<void> {
    const { target, written, nextSeq, ingestionTime, positions } = group
    const began = performance.now()
    this.#inFlight = group
    try {
      const segment = await this.#write(target, written)
      this.#inFlight = undefined
      this.#durableNextSeq = nextSeq
      segment.add({ runs: written.runs, positions: positions.values(), bytes: written.bytes, nextSeq, ingestionTime })
      if (segment.bytes === written.bytes) this.#opened(target, segment)
      if (group.isLast) this.#seal(target, segment)
      for (const { resolve, stamp } of group.acknowledgements) resolve(stamp)
      group.ended.resolve()
      this.#deps.telemetry.meter.observeSeconds('journal_commit_seconds', (performance.now() - began) / 1_000)
    } catch (error) {
      await this.#refuse(group, error)
    }
  }

  async #write(target: Target, written: WrittenGroup): Promise<Segment> {
    const { files, pool } = this.#deps
    target.segment ??= new Segment(target.firstSeq, await files.create(target.firstSeq), pool, true)
    const { file, bytes } = target.segment
    await file.write(
      written.pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)),
      bytes,
    )
    await file.sync()
    target.segment.hold(written)
    return target.segment
  }

  #opened(target: Target, segment: Segment): void {
    this.#deps.opened(segment)
    this.#timer = setTimeout(() => {
      target.due = true
      if (this.#deps.inserterIdle()) this.#sealIfQuiet(target)
    }, this.#deps.limits.sealAfterMillis)
  }

  /** With a commit under way, that commit or the next one seals. */
  #sealIfQuiet(target: Target): void {
    const isQuiet = this.#queue.isEmpty && this.#inFlight === undefined
    if (this.#queue.target !== target || !isQuiet || target.segment === undefined) return
    this.#queue.endTarget(target)
    this.#seal(target, target.segment)
  }

  #seal(target: Target, segment: Segment): void {
    if (!target.due) clearTimeout(this.#timer)
    segment.sealed = true
    this.#deps.sealed(segment)
  }

  /**
   * Nothing of the group was acknowledged, and whatever was encoded behind it goes too: a later checkpoint must not become
   * durable without the earlier one. The segment ends where it was good.
   */
  async #refuse(group: Group, cause: unknown): Promise<void> {
    this.#inFlight = undefined
    const refused = [group, ...this.#queue.clear()]
    const { segment, firstSeq } = group.target
    const failure = new JournalWriteFailed(cause)
    this.#deps.telemetry.log.error({
      event: 'journal_write_failed',
      segment: firstSeq,
      batches: refused.reduce((sum, { acknowledgements }) => sum + acknowledgements.length, 0),
      reason: failure.message,
    })
    if (segment !== undefined) await this.#cutOff(group.target, segment)
    for (const { acknowledgements, ended } of refused) {
      for (const { reject } of acknowledgements) reject(failure)
      ended.resolve()
    }
  }

  async #cutOff(target: Target, segment: Segment): Promise<void> {
    try {
      await segment.file.truncate(segment.bytes)
    } catch {
      // Recovery and the inserter cut it where the last good mark ends.
    }
    if (segment.bytes > 0) return this.#seal(target, segment)
    await segment.file.close()
    await segment.file.remove().catch(() => {})
  }
}
