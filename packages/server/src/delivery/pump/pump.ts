import type { Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { BatchLimits, DeliveryEvent } from '#delivery/batch.ts'
import type { DeliveryStatus } from '#delivery/delivery.ts'
import {
  attemptEnded,
  deliveryResumed,
  deliveryStarted,
  deliveryStopped,
  deliveryWaiting,
  eventsDelivered,
  eventsRejected,
} from '#delivery/events.ts'
import type { DeliveryLimits } from '#delivery/limits.ts'
import type { Outcome } from '#delivery/outcome.ts'
import { Progress } from '#delivery/progress.ts'
import { backOffMillis, pause } from '#delivery/pump/back-off.ts'
import type { LagTotal } from '#delivery/pump/lag-total.ts'
import type { Slots } from '#delivery/pump/slots.ts'
import type { Runner } from '#delivery/runner.ts'
import type { Sink } from '#delivery/sink.ts'
import { type Mark, type Source, type SourceBatch, furthest } from '#delivery/source.ts'

export interface PumpDeps {
  readonly source: Source
  readonly sink: Sink
  /** What the destination has committed of a source. */
  readonly checkpoint: (source: string) => Promise<Checkpoint | undefined>
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits: DeliveryLimits
  /** Shared by all pumps: bounds the batches in memory. */
  readonly slots: Slots
  readonly lag: LagTotal
}

/** `idle`: nothing to deliver now. `unready`: nothing to deliver, and the destination is not ready for it either. */
type Step = 'more' | 'idle' | 'failed' | 'unready'
type Retry = Extract<Outcome, { readonly kind: 'retry' }>

/**
 * Moves one stream of events from its source to its sink: a batch at a time, the next one only after the last one's
 * outcome. It holds no events while it waits: after a failure the same place is read again.
 */
export class Pump implements Runner {
  readonly #id: string
  readonly #deps: PumpDeps
  readonly #progress: Progress
  /** Ends everything but the attempt that is under way. */
  readonly #halt = new AbortController()
  /** Ends waits for lines; what is there is delivered first when draining. */
  readonly #hurry = new AbortController()
  readonly #ended: Promise<void>
  #mark: Mark | undefined
  #ready = false
  #failures = 0
  /** Events in a batch while one that is rejected is being searched. */
  #mostEvents = Number.POSITIVE_INFINITY
  /** Sequence at which a drain is done; known after its first look. */
  #drainTo: number | undefined

  /** `before`: the status of the delivery's last run, whose counts go on. */
  constructor(id: string, deps: PumpDeps, before?: DeliveryStatus) {
    this.#id = id
    this.#deps = deps
    this.#progress = new Progress(id, deps.clock, before)
    deliveryStarted(deps.telemetry, { delivery: id, sink: deps.sink.kind })
    this.#ended = this.#run()
  }

  status(): DeliveryStatus {
    const { source } = this.#deps
    return this.#progress.status({ lagBytes: this.#lagBytes(), lostBytes: source.lostBytes })
  }

  async stop({ drainMillis }: { readonly drainMillis?: number }): Promise<void> {
    this.#hurry.abort()
    if (drainMillis === undefined) this.#halt.abort()
    const timer = drainMillis === undefined ? undefined : setTimeout(() => this.#halt.abort(), drainMillis)
    await this.#ended
    clearTimeout(timer)
  }

  async #run(): Promise<void> {
    const { slots, source, telemetry, lag } = this.#deps
    while (!this.#halt.signal.aborted && !this.#isDrained()) {
      const step = await slots.use(() => this.#step())
      lag.report(this.#id, this.#lagBytes())
      const nothingWaits = step === 'idle' || step === 'unready'
      if (this.#hurry.signal.aborted && nothingWaits) break
      await this.#rest(step)
    }
    this.#progress.stopped()
    deliveryStopped(telemetry, { delivery: this.#id, lagBytes: this.#lagBytes() })
    lag.report(this.#id, 0)
    await source.close().catch(() => {})
  }

  /** Waits until the next step makes sense. */
  async #rest(step: Step): Promise<void> {
    const { limits } = this.#deps
    const { retryFirstMillis: firstMillis, retryMaxMillis, idleRetryMaxMillis } = limits
    if (step === 'failed') {
      await pause(backOffMillis(this.#failures, { firstMillis, maxMillis: retryMaxMillis }), this.#halt.signal)
    } else if (step === 'unready') {
      await this.#change(backOffMillis(this.#failures, { firstMillis, maxMillis: idleRetryMaxMillis }))
    } else if (step === 'idle') {
      await this.#change()
      await pause(limits.lingerMillis, this.#hurry.signal)
    }
  }

  /** Waits for the source, at most so long. */
  async #change(millis?: number): Promise<void> {
    const { limits, source } = this.#deps
    const over = new AbortController()
    const end = (): void => over.abort()
    if (this.#hurry.signal.aborted) end()
    this.#hurry.signal.addEventListener('abort', end)
    const timer = millis === undefined ? undefined : setTimeout(end, millis)
    try {
      await source.changed(over.signal)
    } catch {
      // What is wrong with the source is said by the next step, which looks at it.
      await pause(limits.retryFirstMillis, this.#hurry.signal)
    } finally {
      clearTimeout(timer)
      this.#hurry.signal.removeEventListener('abort', end)
    }
  }

  async #step(): Promise<Step> {
    try {
      return await this.#attempt()
    } catch (error) {
      return this.#failed({ kind: 'retry', reason: messageOf(error) })
    }
  }

  async #attempt(): Promise<Step> {
    if (this.#halt.signal.aborted) return 'idle'
    const { source, sink } = this.#deps
    const from = await this.#look()
    const batch = await source.read(from, this.#batchLimits())
    const isEmpty = batch.events.length === 0
    this.#progress.faces(batch.events[0]?.timestamp)
    // After a failure a batch is its own question whether the destination is ready.
    if (!this.#ready && (isEmpty || this.#failures === 0)) {
      const readiness = await sink.prepare(this.#halt.signal)
      if (readiness.kind !== 'ready') return this.#failed(readiness, isEmpty ? 'unready' : 'failed')
      this.#ready = true
    }
    if (!isEmpty) return this.#deliver(batch)
    this.#mark = batch.next
    this.#succeeded()
    return 'idle'
  }

  /** Looks at the source and answers the mark to read from. */
  async #look(): Promise<Mark> {
    const { source, checkpoint } = this.#deps
    if (this.#mark === undefined) this.#mark = await source.open(await checkpoint(this.#id))
    // A call that seemed to fail may have been committed after all; going on behind it keeps its events from coming twice.
    else if (this.#failures > 0) this.#mark = furthest(this.#mark, await checkpoint(this.#id))
    await source.look()
    if (source.isOverfull(this.#mark)) this.#mark = await source.makeRoom(this.#mark)
    if (this.#hurry.signal.aborted) this.#drainTo ??= this.#mark.sequence + source.lagBytes(this.#mark)
    return this.#mark
  }

  async #deliver(batch: SourceBatch): Promise<Step> {
    const { sink, telemetry } = this.#deps
    const checkpoint: Checkpoint = { source: this.#id, sequence: batch.next.sequence, position: batch.next.position }
    const outcome = await sink.deliver(batch.events, checkpoint, this.#halt.signal)
    attemptEnded(telemetry, { sink: sink.kind, outcome: outcome.kind })
    switch (outcome.kind) {
      case 'delivered':
        return this.#delivered(batch, outcome.rejectedEvents)
      case 'retry':
        return this.#failed(outcome)
      case 'rejected':
        return this.#rejected(batch, outcome.reason)
      default:
        return outcome satisfies never
    }
  }

  async #delivered({ events, next, more }: SourceBatch, rejected: number): Promise<Step> {
    const { sink, source, telemetry, clock } = this.#deps
    this.#mark = next
    this.#ready = true
    this.#mostEvents *= 2
    this.#progress.delivered(events.length, rejected)
    eventsDelivered(telemetry, {
      delivery: this.#id,
      sink: sink.kind,
      events: events.length - rejected,
      delaySeconds: Math.max(0, clock.now() - timeOfLast(events)) / 1_000,
    })
    if (rejected > 0) this.#countRejected(rejected, 'outside the time window that the destination takes')
    this.#succeeded()
    // When there is more, the next read says how old it is.
    if (!more) this.#progress.faces(undefined)
    await source.release(next)
    return more ? 'more' : 'idle'
  }

  /** Halves the batch until the event that is to blame stands alone, and passes over that one. */
  #rejected({ events, next }: SourceBatch, reason: string): Step {
    if (events.length > 1) {
      this.#mostEvents = Math.ceil(events.length / 2)
      return 'more'
    }
    this.#mostEvents = Number.POSITIVE_INFINITY
    this.#mark = next
    this.#progress.delivered(1, 1)
    this.#countRejected(1, reason)
    this.#succeeded()
    return 'more'
  }

  #countRejected(events: number, reason: string): void {
    eventsRejected(this.#deps.telemetry, { delivery: this.#id, sink: this.#deps.sink.kind, events, reason })
  }

  #failed({ reason, decision }: Retry, step: Step = 'failed'): Step {
    this.#failures += 1
    const isNews = this.#progress.waiting(decision === undefined ? { reason } : { reason, decision })
    if (isNews) deliveryWaiting(this.#deps.telemetry, { delivery: this.#id, reason })
    return step
  }

  #succeeded(): void {
    this.#failures = 0
    if (this.#progress.delivering()) deliveryResumed(this.#deps.telemetry, { delivery: this.#id })
  }

  #batchLimits(): BatchLimits {
    const { sink, limits } = this.#deps
    return {
      ...sink.batch,
      events: Math.min(sink.batch.events, this.#mostEvents),
      bytes: this.#failures > 0 ? Math.min(sink.batch.bytes, limits.probeBytes) : sink.batch.bytes,
    }
  }

  #isDrained(): boolean {
    return this.#drainTo !== undefined && this.#mark !== undefined && this.#mark.sequence >= this.#drainTo
  }

  #lagBytes(): number {
    return this.#mark === undefined ? 0 : this.#deps.source.lagBytes(this.#mark)
  }
}

const timeOfLast = (events: readonly DeliveryEvent[]): number => events.at(-1)?.timestamp ?? 0
