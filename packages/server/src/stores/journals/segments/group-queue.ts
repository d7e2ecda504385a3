import type { Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import { encodePositions } from './mark-payload.ts'
import type { RowWriter, WrittenGroup } from './row-writer.ts'
import type { Segment } from './segment.ts'
import { firstSeqOf } from './seq.ts'

/** What a batch got when it was taken. */
export interface Stamp {
  readonly firstSeq: number
  readonly ingestionTime: EpochMillis
}

/** The segment that groups go to; its file is made with the first of them. */
export interface Target {
  readonly firstSeq: number
  segment: Segment | undefined
  bytes: number
  /** Old enough to be sealed. */
  due: boolean
}

interface Acknowledgement {
  readonly stamp: Stamp
  readonly resolve: (stamp: Stamp) => void
  readonly reject: (error: Error) => void
}

/** Batches that become durable together. */
interface OpenGroup {
  readonly target: Target
  readonly positions: Map<string, Checkpoint>
  readonly acknowledgements: Acknowledgement[]
  /** Resolves when the group is durable or refused. */
  readonly ended: PromiseWithResolvers<void>
}

/** A group with its mark: ready to be written. */
export interface Group extends OpenGroup {
  readonly written: WrittenGroup
  /** Every seq in the group is below it. */
  readonly nextSeq: number
  readonly ingestionTime: EpochMillis
  /** The segment ends with it. */
  readonly isLast: boolean
}

export interface GroupQueueDeps {
  readonly writer: RowWriter
  readonly clock: Clock
  /** A group, and a segment, ends at this size. */
  readonly segmentBytes: number
  /** The first request counter to give out, and the ingestion time not to fall behind. */
  readonly counter: number
  readonly ingestionTime: EpochMillis
  /** Whether a segment that is due would be inserted at once. */
  readonly inserterIdle: () => boolean
}

/** Batches on their way to the disk, encoded as they come. One group is open; a stalled disk lets full ones queue up. */
export class GroupQueue {
  readonly #deps: GroupQueueDeps
  #counter: number
  #ingestionTime: EpochMillis
  #target: Target | undefined
  #open: OpenGroup | undefined
  readonly #closed: Group[] = []

  constructor(deps: GroupQueueDeps) {
    this.#deps = deps
    this.#counter = deps.counter
    this.#ingestionTime = deps.ingestionTime
  }

  /** Every seq given out so far is below it. */
  get nextSeq(): number {
    return firstSeqOf(this.#counter)
  }

  get ingestionTime(): EpochMillis {
    return this.#ingestionTime
  }

  /** The segment that the next batch goes to, when it has begun. */
  get target(): Target | undefined {
    return this.#target
  }

  get isEmpty(): boolean {
    return this.#open === undefined && this.#closed.length === 0
  }

  get bytes(): number {
    const open = this.#open === undefined ? 0 : this.#deps.writer.groupBytes
    return this.#closed.reduce((sum, { written }) => sum + written.bytes, open)
  }

  /** Resolves when the last group is durable or refused. `undefined`: there is none. */
  get ended(): Promise<void> | undefined {
    return (this.#open ?? this.#closed.at(-1))?.ended.promise
  }

  /** The latest checkpoint of a source in the queue. */
  position(source: string): Checkpoint | undefined {
    return (
      this.#open?.positions.get(source) ??
      this.#closed.findLast(({ positions }) => positions.has(source))?.positions.get(source)
    )
  }

  add(checkpoint: Checkpoint | undefined, encode: (writer: RowWriter, stamp: Stamp) => void): Promise<Stamp> {
    const group = (this.#open ??= this.#begin())
    this.#ingestionTime = Math.max(this.#ingestionTime, this.#deps.clock.now())
    const stamp = { firstSeq: firstSeqOf(this.#counter++), ingestionTime: this.#ingestionTime }
    encode(this.#deps.writer, stamp)
    if (checkpoint !== undefined) group.positions.set(checkpoint.source, checkpoint)
    const { promise, resolve, reject } = Promise.withResolvers<Stamp>()
    group.acknowledgements.push({ stamp, resolve, reject })
    if (this.#deps.writer.groupBytes >= this.#deps.segmentBytes) this.#close(group)
    return promise
  }

  /** Takes the oldest group out of the queue. */
  next(): Group | undefined {
    if (this.#closed.length === 0 && this.#open !== undefined) this.#close(this.#open)
    return this.#closed.shift()
  }

  /** The segment takes nothing more; the next batch begins another. */
  endTarget(target: Target): void {
    if (this.#target === target) this.#target = undefined
  }

  /** Takes everything out of the queue, to be refused. */
  clear(): readonly OpenGroup[] {
    const groups = [...this.#closed.splice(0), ...(this.#open === undefined ? [] : [this.#open])]
    this.#open = undefined
    this.#target = undefined
    return groups
  }

  #begin(): OpenGroup {
    if (this.#target === undefined) {
      this.#target = { firstSeq: this.nextSeq, segment: undefined, bytes: 0, due: false }
      this.#deps.writer.startAt(0)
    }
    return { target: this.#target, positions: new Map(), acknowledgements: [], ended: Promise.withResolvers() }
  }

  #close(group: OpenGroup): void {
    const { writer, segmentBytes, inserterIdle } = this.#deps
    const { target, positions } = group
    const { nextSeq, ingestionTime } = this
    writer.mark(nextSeq, ingestionTime, encodePositions(positions.values()))
    const written = writer.take()
    target.bytes += written.bytes
    const isLast = target.bytes >= segmentBytes || (target.due && inserterIdle())
    if (isLast) this.endTarget(target)
    this.#open = undefined
    this.#closed.push({ ...group, written, nextSeq, ingestionTime, isLast })
  }
}
