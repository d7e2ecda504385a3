import { setTimeout as sleep } from 'node:timers/promises'
import { Batch, type BatchLimits } from '#delivery/batch.ts'
import type { ApiEventsSource } from '#delivery/delivery.ts'
import { type Mark, type Source, type SourceBatch, furthest } from '#delivery/source.ts'

/** Events read from the journal at once. */
const PAGE = 500
/** How often it is looked whether the journal has taken more. */
const POLL_MILLIS = 250
const NEVER_ABORTED = new AbortController().signal

/**
 * API events of an account, as JSON records. A mark's sequence is the seq of the last event behind it, so it needs no
 * position. The journal keeps events for its own time: nothing is freed and nothing given up here.
 */
export class ApiEvents implements Source {
  readonly lostBytes = 0
  readonly #spec: ApiEventsSource
  /** What the journal had taken at the last look. */
  #end = 0

  constructor(spec: ApiEventsSource) {
    this.#spec = spec
  }

  async open(committed: Mark | undefined): Promise<Mark> {
    return furthest({ sequence: this.#spec.after, position: '' }, committed)
  }

  async look(): Promise<void> {
    this.#end = this.#spec.journal.nextSeq() - 1
  }

  async read(from: Mark, limits: BatchLimits): Promise<SourceBatch> {
    const { journal, account, wants } = this.#spec
    const batch = new Batch(limits)
    // The journal answers all that was taken before it is asked.
    const end = journal.nextSeq() - 1
    let at = from.sequence
    let time = 0
    for (;;) {
      const page = await journal.tail({ account, after: at, limit: PAGE, signal: NEVER_ABORTED })
      for (const event of page) {
        const bytes = Buffer.byteLength(event.record)
        if (bytes <= limits.eventBytes && wants(event)) {
          const timestamp = Math.max(time, event.eventTime)
          if (!batch.add({ timestamp, message: event.record }, bytes))
            return { events: batch.events, next: { sequence: at, position: '' }, more: true }
          time = timestamp
        }
        at = event.seq
      }
      if (page.length < PAGE)
        return { events: batch.events, next: { sequence: Math.max(at, end), position: '' }, more: false }
    }
  }

  async changed(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#spec.journal.nextSeq() - 1 <= this.#end)
      await sleep(POLL_MILLIS, undefined, { signal, ref: false }).catch(() => {})
  }

  async release(): Promise<void> {}

  isOverfull(): boolean {
    return false
  }

  async makeRoom(from: Mark): Promise<Mark> {
    return from
  }

  async skip(): Promise<void> {}

  async discard(): Promise<void> {}

  /** Numbers given out since; it tells whether something waits, not how much. */
  lagBytes(from: Mark): number {
    return Math.max(0, this.#end - from.sequence)
  }

  async close(): Promise<void> {}
}
