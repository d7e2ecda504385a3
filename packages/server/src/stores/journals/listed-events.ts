import type { EpochMillis } from '#kernel/ids.ts'
import type { LogEvents, MessageRoom } from './log-journal.ts'

interface LogEvent {
  readonly timestamp: EpochMillis
  readonly message: string
}

/** Events that are objects. */
export const listedEvents = (events: readonly LogEvent[]): LogEvents => new ListedEvents(events)

/** Events as objects, for whoever needs all of them. */
export const eventObjects = (events: LogEvents): LogEvent[] =>
  Array.from({ length: events.length }, (_, index) => ({
    timestamp: events.timestamp(index),
    message: events.message(index),
  }))

class ListedEvents implements LogEvents {
  readonly #events: readonly LogEvent[]

  constructor(events: readonly LogEvent[]) {
    this.#events = events
  }

  get length(): number {
    return this.#events.length
  }

  timestamp(index: number): EpochMillis {
    return this.#at(index).timestamp
  }

  message(index: number): string {
    return this.#at(index).message
  }

  messageBytes(index: number): number {
    return Buffer.byteLength(this.#at(index).message)
  }

  copyMessage(index: number, into: Buffer, offset: number): void {
    into.write(this.#at(index).message, offset, 'utf8')
  }

  place(): undefined {
    return undefined
  }

  copyMessages(from: number, { bytes, starts, ends }: MessageRoom): number {
    let at = 0
    let count = 0
    for (; count < starts.length && from + count < this.length; count++) {
      const { message } = this.#at(from + count)
      if (!message.isWellFormed() || Buffer.byteLength(message) > bytes.length - at) break
      starts[count] = at
      at += bytes.write(message, at, 'utf8')
      ends[count] = at
    }
    return count
  }

  someQuoting(text: string): boolean {
    return this.#events.some(({ message }) => message.includes(text))
  }

  slice(from: number, to: number): LogEvents {
    return new ListedEvents(this.#events.slice(from, to))
  }

  #at(index: number): LogEvent {
    return this.#events[index] as LogEvent
  }
}
