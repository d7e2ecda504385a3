import type { Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { JournalWriteFailed } from './journal-write-failed.ts'
import type { JournalLimits } from './limits.ts'
import { encodePositions } from './mark-payload.ts'
import type { RowWriter, WrittenGroup } from './row-writer.ts'
import { Segment } from './segment.ts'
import type { SegmentFiles } from './segment-file.ts'
import { firstSeqOf } from './seq.ts'
import type { SlabPool } from './slab.ts'

/** What a batch got when it was taken. */
export interface Stamp {
  readonly firstSeq: number
  readonly ingestionTime: EpochMillis
}

interface Acknowledgement {
  readonly stamp: Stamp
  readonly resolve: (stamp: Stamp) => void
  readonly reject: (error: Error) => void
}

/** The segment that groups go to; its file is made with the first of them. */
interface Target {
  readonly firstSeq: number
  segment: Segment | undefined
  bytes: number
  /** Old enough to be sealed. */
  due: boolean
}

interface Group {
  readonly target: Target
  readonly positions: Map<string, Checkpoint>
  readonly acknowledgements: Acknowledgement[]
  /** Resolves when the group is durable or refused. */
  readonly ended: PromiseWithResolvers<void>
}

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

/**
 * The write-ahead log. Batches are encoded as they come; all that came while one commit was under way make the next one,
 * which begins when the last one ends.
 */
export class GroupCommitter {
  readonly #deps: GroupCommitterDeps
  #counter: number
  #ingestionTime: EpochMillis
  #durableNextSeq: number
  #target: Target | undefined
  #pending: Group | undefined
  #inFlight: Group | undefined
  #inFlightBytes = 0
  #isRunning = false
  #timer: NodeJS.Timeout | undefined

  constructor(deps: GroupCommitterDeps) {
    this.#deps = deps
    this.#counter = deps.counter
    this.#ingestionTime = deps.ingestionTime
    this.#durableNextSeq = firstSeqOf(deps.counter)
  }

  /** Every seq given out so far is below it. */
  get nextSeq(): number {
    return firstSeqOf(this.#counter)
  }

  get ingestionTime(): EpochMillis {
    return this.#ingestionTime
  }

  /** Every acknowledged seq is below it, and none that is still to be acknowledged. */
  get durableNextSeq(): number {
    return this.#durableNextSeq
  }

  /** Bytes taken but not yet committed. */
  get pendingBytes(): number {
    return this.#inFlightBytes + (this.#pending === undefined ? 0 : this.#deps.writer.groupBytes)
  }

  /** The latest checkpoint of a source that is not durable yet. */
  pendingPosition(source: string): Checkpoint | undefined {
    return this.#pending?.positions.get(source) ?? this.#inFlight?.positions.get(source)
  }

  /**
   * Takes one batch; `encode` writes its rows at once and must not throw.
   * @throws JournalWriteFailed (rejection) when the disk refused it; nothing of the batch is stored then
   */
  add(checkpoint: Checkpoint | undefined, encode: (writer: RowWriter, stamp: Stamp) => void): Promise<Stamp> {
    const group = (this.#pending ??= this.#beginGroup())
    const stamp = this.#nextStamp()
    encode(this.#deps.writer, stamp)
    if (checkpoint !== undefined) group.positions.set(checkpoint.source, checkpoint)
    return new Promise((resolve, reject) => {
      group.acknowledgements.push({ stamp, resolve, reject })
      if (!this.#isRunning) void this.#commitAll()
    })
  }

  /** Resolves when everything taken before is durable or refused. */
  async settled(): Promise<void> {
    await (this.#pending ?? this.#inFlight)?.ended.promise
  }

  /** The inserter has nothing left: a segment that is due need not wait any longer. */
  sealIfDue(): void {
    if (this.#target?.due === true) this.#sealIfQuiet(this.#target)
  }

  /** Seals what is committed, whatever its age. */
  async sealNow(): Promise<void> {
    await this.settled()
    if (this.#target !== undefined) this.#sealIfQuiet(this.#target)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #nextStamp(): Stamp {
    this.#ingestionTime = Math.max(this.#ingestionTime, this.#deps.clock.now())
    return { firstSeq: firstSeqOf(this.#counter++), ingestionTime: this.#ingestionTime }
  }

  #beginGroup(): Group {
    if (this.#target === undefined) {
      this.#target = { firstSeq: firstSeqOf(this.#counter), segment: undefined, bytes: 0, due: false }
      this.#deps.writer.startAt(0)
    }
    return { target: this.#target, positions: new Map(), acknowledgements: [], ended: Promise.withResolvers() }
  }

  async #commitAll(): Promise<void> {
    this.#isRunning = true
    // What arrives in the same turn of the event loop shares a commit.
    await new Promise((resolve) => void setImmediate(resolve))
    for (let group = this.#pending; group !== undefined; group = this.#pending) await this.#commit(group)
    this.#isRunning = false
    if (this.#deps.inserterIdle()) this.sealIfDue()
  }

  async #commit(group: Group): Promise<void> {
    const { writer, limits, telemetry } = this.#deps
    const { target } = group
    const { nextSeq } = this
    const ingestionTime = this.#ingestionTime
    writer.mark(nextSeq, ingestionTime, encodePositions(group.positions.values()))
    const written = writer.take()
    this.#pending = undefined
    this.#inFlight = group
    this.#inFlightBytes = written.bytes
    target.bytes += written.bytes
    const isLast = target.bytes >= limits.segmentBytes || (target.due && this.#deps.inserterIdle())
    if (isLast) this.#target = undefined
    const began = performance.now()
    try {
      const segment = await this.#write(target, written)
      this.#inFlight = undefined
      this.#inFlightBytes = 0
      this.#durableNextSeq = nextSeq
      segment.add({
        runs: written.runs,
        positions: group.positions.values(),
        bytes: written.bytes,
        nextSeq,
        ingestionTime,
      })
      if (segment.bytes === written.bytes) this.#opened(target, segment)
      if (isLast) this.#seal(target, segment)
      for (const { resolve, stamp } of group.acknowledgements) resolve(stamp)
      group.ended.resolve()
      telemetry.meter.observeSeconds('journal_commit_seconds', (performance.now() - began) / 1_000)
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
    if (
      this.#target !== target ||
      this.#pending !== undefined ||
      this.#inFlight !== undefined ||
      target.segment === undefined
    )
      return
    this.#target = undefined
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
    const behind = this.#pending
    const refused = [...group.acknowledgements, ...(behind?.acknowledgements ?? [])]
    this.#pending = undefined
    this.#target = undefined
    this.#inFlight = undefined
    this.#inFlightBytes = 0
    const { segment, firstSeq } = group.target
    const failure = new JournalWriteFailed(cause)
    this.#deps.telemetry.log.error({
      event: 'journal_write_failed',
      segment: firstSeq,
      batches: refused.length,
      reason: failure.message,
    })
    if (segment !== undefined) await this.#cutOff(group.target, segment)
    for (const { reject } of refused) reject(failure)
    group.ended.resolve()
    behind?.ended.resolve()
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
