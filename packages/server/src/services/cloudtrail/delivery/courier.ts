import type { Call } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { DeliveryStates } from '#services/cloudtrail/delivery/delivery-state.ts'
import { FileCourier } from '#services/cloudtrail/delivery/file-courier.ts'
import { RETIRED_MILLIS } from '#services/cloudtrail/delivery/limits.ts'
import { DigestCourier } from '#services/cloudtrail/digests/digest-courier.ts'
import type { SigningKeys } from '#services/cloudtrail/digests/signing-keys.ts'
import { type Trail, isLogging } from '#services/cloudtrail/trails/trail.ts'
import type { Trails } from '#services/cloudtrail/trails/trails.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'

export interface CourierDeps {
  readonly trails: Trails
  readonly states: DeliveryStates
  readonly keys: SigningKeys
  readonly journal: ApiJournal
  readonly call: Call
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Brings files and digests of every trail to its bucket, as far as they are due. */
export class Courier {
  readonly #deps: CourierDeps
  readonly #files: FileCourier
  readonly #digests: DigestCourier
  readonly #closing = new AbortController()
  /** Why each trail waits, so that it is said once. */
  readonly #reasons = new Map<string, string>()

  constructor(deps: CourierDeps) {
    this.#deps = deps
    this.#files = new FileCourier(deps)
    this.#digests = new DigestCourier(deps)
  }

  /** One round over all trails; what fails is tried again in the next one, and does not hold up the others. */
  async run(): Promise<void> {
    const { trails, states, clock } = this.#deps
    for (const trail of await trails.all()) {
      if (trail.spans.length > 0) await this.#attempt(trail, (now) => this.#deliver(trail, now))
    }
    for (const { trail, retiredAt } of await states.retired()) {
      await this.#attempt(trail, (now) => this.#finish(trail, now))
      if (clock.now() - retiredAt < RETIRED_MILLIS) continue
      await states.forget(trail)
      this.#reasons.delete(trail.id)
    }
  }

  /** Ends what is under way; it goes on with the next process. */
  close(): void {
    this.#closing.abort(new Error('the platform stops'))
  }

  async #deliver(trail: Trail, now: number): Promise<void> {
    const { signal } = this.#closing
    const state = await this.#files.deliver(trail, now, { flush: false, signal })
    const isDone = this.#files.isDone(trail, state)
    if (trail.validation && isLogging(trail)) await this.#digests.deliver(trail, state, now, { final: false, signal })
    else if (!trail.validation || isDone) await this.#digests.deliver(trail, state, now, { final: true, signal })
  }

  async #finish(trail: Trail, now: number): Promise<void> {
    const { signal } = this.#closing
    const state = await this.#files.deliver(trail, now, { flush: true, signal })
    await this.#digests.deliver(trail, state, now, { final: true, signal })
    await this.#deps.states.forget(trail)
    this.#reasons.delete(trail.id)
  }

  async #attempt(trail: Trail, work: (now: number) => Promise<void>): Promise<void> {
    const { clock, telemetry } = this.#deps
    if (this.#closing.signal.aborted) return
    try {
      await work(clock.now())
      this.#reasons.delete(trail.id)
    } catch (error) {
      if (this.#closing.signal.aborted) return
      telemetry.meter.add('cloudtrail_deliveries_failed_total', 1)
      const reason = messageOf(error)
      if (this.#reasons.get(trail.id) === reason) return
      this.#reasons.set(trail.id, reason)
      telemetry.log.warn({ event: 'cloudtrail_delivery_waiting', trail: trail.arn, bucket: trail.bucket, reason })
    }
  }
}
