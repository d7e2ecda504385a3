import type { Decision } from '@sluice/policy'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { DeliveryStatus } from '#delivery/delivery.ts'

interface Refusal {
  readonly reason: string
  readonly decision?: Decision
}

/** What a delivery's status says, counted as it goes. */
export class Progress {
  readonly #id: string
  readonly #clock: Clock
  #state: DeliveryStatus['state'] = 'starting'
  #since: EpochMillis
  #lastDeliveredAt: EpochMillis | undefined
  #deliveredEvents: number
  #rejectedEvents: number
  #refusal: Refusal | undefined
  #oldestWaitingAt: EpochMillis | undefined

  /** `before`: the status of the delivery's last run, whose counts go on. */
  constructor(id: string, clock: Clock, before?: DeliveryStatus) {
    this.#id = id
    this.#clock = clock
    this.#since = clock.now()
    this.#lastDeliveredAt = before?.lastDeliveredAt
    this.#deliveredEvents = before?.deliveredEvents ?? 0
    this.#rejectedEvents = before?.rejectedEvents ?? 0
  }

  /** Answers true when the reason is another one than before. */
  waiting(refusal: Refusal): boolean {
    const isNew = this.#state !== 'waiting' || this.#refusal?.reason !== refusal.reason
    this.#refusal = refusal
    this.#enter('waiting')
    return isNew
  }

  /** Answers true when it waited before. */
  delivering(): boolean {
    const waited = this.#state === 'waiting'
    this.#refusal = undefined
    this.#enter('delivering')
    return waited
  }

  /** What is to be delivered next, by the time of its first event; `undefined`: nothing. */
  faces(oldest: EpochMillis | undefined): void {
    this.#oldestWaitingAt = oldest
  }

  stopped(): void {
    this.#refusal = undefined
    this.#enter('stopped')
  }

  delivered(events: number, rejected: number): void {
    this.#deliveredEvents += events - rejected
    this.#rejectedEvents += rejected
    if (events > rejected) this.#lastDeliveredAt = this.#clock.now()
  }

  status(bytes: { readonly lagBytes: number; readonly lostBytes: number }): DeliveryStatus {
    return {
      id: this.#id,
      state: this.#state,
      since: this.#since,
      ...(this.#lastDeliveredAt === undefined ? {} : { lastDeliveredAt: this.#lastDeliveredAt }),
      deliveredEvents: this.#deliveredEvents,
      rejectedEvents: this.#rejectedEvents,
      ...bytes,
      ...(this.#oldestWaitingAt === undefined ? {} : { oldestWaitingAt: this.#oldestWaitingAt }),
      ...this.#refusal,
    }
  }

  #enter(state: DeliveryStatus['state']): void {
    if (state === this.#state) return
    this.#state = state
    this.#since = this.#clock.now()
  }
}
