import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { DeliveryStatus } from '#delivery/delivery.ts'
import { deliveryResumed, deliveryStarted, deliveryStopped, deliveryWaiting } from '#delivery/events.ts'
import { Progress } from '#delivery/progress.ts'
import { pause } from '#delivery/pump/back-off.ts'
import type { Runner } from '#delivery/runner.ts'
import type { Source } from '#delivery/source.ts'

export interface DiscardDeps {
  readonly source: Source
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits: { readonly pollMillis: number }
}

/** Logging is off: reads nothing, and from time to time frees all but the newest that the source holds. */
export class DiscardRunner implements Runner {
  readonly #id: string
  readonly #deps: DiscardDeps
  readonly #progress: Progress
  readonly #halt = new AbortController()
  readonly #ended: Promise<void>

  constructor(id: string, deps: DiscardDeps, before?: DeliveryStatus) {
    this.#id = id
    this.#deps = deps
    this.#progress = new Progress(id, deps.clock, before)
    deliveryStarted(deps.telemetry, { delivery: id, sink: 'discard' })
    this.#ended = this.#run()
  }

  status(): DeliveryStatus {
    return this.#progress.status({ lagBytes: 0, lostBytes: 0 })
  }

  async stop(): Promise<void> {
    this.#halt.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { source, limits, telemetry } = this.#deps
    while (!this.#halt.signal.aborted) {
      await this.#free()
      await pause(limits.pollMillis, this.#halt.signal)
    }
    this.#progress.stopped()
    deliveryStopped(telemetry, { delivery: this.#id, lagBytes: 0 })
    await source.close().catch(() => {})
  }

  async #free(): Promise<void> {
    const { source, telemetry } = this.#deps
    try {
      await source.look()
      await source.discard()
      if (this.#progress.delivering()) deliveryResumed(telemetry, { delivery: this.#id })
    } catch (error) {
      const reason = messageOf(error)
      if (this.#progress.waiting({ reason })) deliveryWaiting(telemetry, { delivery: this.#id, reason })
    }
  }
}
