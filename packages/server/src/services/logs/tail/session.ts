import type { Mask } from '#services/logs/protection/policies.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import { MAX_TAIL_EVENTS, MAX_TAIL_LOOKS, MAX_TAIL_UPDATES } from '#services/logs/limits.ts'

/** An event as a session shows it. */
export interface TailedEvent {
  readonly logGroupIdentifier: string
  readonly logStreamName: string
  readonly timestamp: number
  readonly message: string
  readonly ingestionTime: number
}

/** What one update of a session says. */
export interface TailUpdate {
  /** Whether there was more than it shows. */
  readonly sampled: boolean
  readonly events: readonly TailedEvent[]
}

/** What a session wants of one group. */
export interface TailedGroup {
  readonly logGroupIdentifier: string
  readonly isWanted: (streamName: string) => boolean
  readonly mask: Mask | undefined
}

/** A batch as it was stored. */
export interface StoredBatch {
  readonly streamName: string
  readonly ingestionTime: number
  readonly events: LogEvents
}

/**
 * What one reader of a live tail is still to be shown. An update holds at most 500 events and stands for at most
 * {@link MAX_TAIL_LOOKS} that were looked at; of updates that nobody fetches the oldest are dropped.
 */
export class TailSession {
  readonly #matches: (message: string) => boolean
  readonly #waiting: TailUpdate[] = []
  #events: TailedEvent[] = []
  #looks = 0
  #sampled = false

  constructor(matches: (message: string) => boolean) {
    this.#matches = matches
  }

  /** Takes the events of a batch that the session wants; more than fit are left out. */
  offer({ logGroupIdentifier, isWanted, mask }: TailedGroup, { streamName, ingestionTime, events }: StoredBatch): void {
    if (!isWanted(streamName)) return
    for (let index = 0; index < events.length; index++) {
      if (this.#events.length >= MAX_TAIL_EVENTS || this.#looks >= MAX_TAIL_LOOKS) {
        this.#sampled = true
        return
      }
      this.#looks += 1
      const message = events.message(index)
      const shown = mask?.(message, ingestionTime) ?? message
      if (this.#matches(shown))
        this.#events.push({
          logGroupIdentifier,
          logStreamName: streamName,
          timestamp: events.timestamp(index),
          message: shown,
          ingestionTime,
        })
    }
  }

  /** Ends an update; the next event belongs to the next one. */
  cut(): void {
    this.#waiting.push({ sampled: this.#sampled, events: this.#events })
    if (this.#waiting.length > MAX_TAIL_UPDATES) this.#waiting.shift()
    this.#events = []
    this.#looks = 0
    this.#sampled = false
  }

  /** The oldest update that was not fetched. */
  next(): TailUpdate | undefined {
    return this.#waiting.shift()
  }
}
