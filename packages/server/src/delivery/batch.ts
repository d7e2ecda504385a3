import type { EpochMillis } from '#kernel/ids.ts'

/** An event on its way. */
export interface DeliveryEvent {
  /** Never before the previous event's of the same stream. */
  readonly timestamp: EpochMillis
  /** At least one character. */
  readonly message: string
}

/** What fits into one attempt of a sink. */
export interface BatchLimits {
  readonly events: number
  /** UTF-8 bytes of all messages, plus `overheadBytes` for each event. */
  readonly bytes: number
  readonly overheadBytes: number
  /** UTF-8 bytes of one message; a longer one is split. Never changes for a sink, so that splits repeat exactly. */
  readonly eventBytes: number
  /** From first to last event. */
  readonly spanMillis: number
}

/** Gathers events until one does not fit. A first event always fits. */
export class Batch {
  readonly events: DeliveryEvent[] = []
  readonly #limits: BatchLimits
  #bytes = 0

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  /** Adds the event, or answers false: it belongs to the next batch. `bytes` are the UTF-8 bytes of its message. */
  add(event: DeliveryEvent, bytes: number): boolean {
    const size = bytes + this.#limits.overheadBytes
    const first = this.events[0]
    if (first !== undefined) {
      if (this.events.length >= this.#limits.events) return false
      if (this.#bytes + size > this.#limits.bytes) return false
      if (event.timestamp - first.timestamp > this.#limits.spanMillis) return false
    }
    this.events.push(event)
    this.#bytes += size
    return true
  }
}
