import { hash } from 'node:crypto'
import type { TailedEvent } from '#cli/commands/logs/printed-event.ts'

/** How many different events are remembered; the overlap of two readings is seconds long. */
const REMEMBERED = 20_000

interface Times {
  shown: number
  reading: number
  inReading: number
}

/**
 * Which events were shown, so that readings that overlap (the past, a live tail, the next live tail) show each event once.
 * A live tail has no ids of events: alike are events of the same stream, times and message, and of those that are alike
 * as many are shown as the reading with the most of them had.
 */
export class ShownEvents {
  readonly #times = new Map<string, Times>()
  #reading = 0

  /** Begins the next reading. */
  begin(): void {
    this.#reading += 1
  }

  /** Takes the next event of the reading; whether it is still to be shown. */
  isNew({ logStreamName, timestamp, ingestionTime, message }: TailedEvent): boolean {
    const key = hash('sha1', JSON.stringify([logStreamName, timestamp, ingestionTime, message]), 'base64')
    const times = this.#times.get(key) ?? { shown: 0, reading: this.#reading, inReading: 0 }
    if (times.reading !== this.#reading) Object.assign(times, { reading: this.#reading, inReading: 0 })
    times.inReading += 1
    // Put at the end of the map, whose beginning is forgotten first.
    this.#times.delete(key)
    this.#times.set(key, times)
    if (this.#times.size > REMEMBERED) this.#forgetOldest()
    if (times.inReading <= times.shown) return false
    times.shown = times.inReading
    return true
  }

  #forgetOldest(): void {
    for (const oldest of this.#times.keys()) {
      this.#times.delete(oldest)
      return
    }
  }
}
