import type { TextColumns } from '@sluice/wire'
import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsInput } from '#services/logs/types.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents, MessageBytes, MessageRoom } from '#stores/journals/log-journal.ts'

/** The events of a call: objects from within the platform and in small bodies, otherwise columns over the body. */
export const receivedEvents = (logEvents: LogsInput<'PutLogEvents'>['logEvents']): LogEvents =>
  'text' in logEvents ? new ColumnEvents(logEvents) : listedEvents(logEvents)

class ColumnEvents implements LogEvents {
  readonly #columns: TextColumns

  constructor(columns: TextColumns) {
    this.#columns = columns
  }

  get length(): number {
    return this.#columns.length
  }

  timestamp(index: number): EpochMillis {
    return this.#columns.number(index)
  }

  message(index: number): string {
    return this.#columns.text(index)
  }

  messageBytes(index: number): number {
    return this.#columns.textBytes(index)
  }

  copyMessage(index: number, into: Buffer, offset: number): void {
    this.#columns.copyText(index, into, offset)
  }

  place(index: number): MessageBytes | undefined {
    return this.#columns.place(index)
  }

  copyMessages(from: number, room: MessageRoom): number {
    return this.#columns.copyTexts(from, room)
  }

  someQuoting(text: string): boolean {
    return this.#columns.someQuoting(text)
  }

  slice(from: number, to: number): LogEvents {
    return new ColumnEvents(this.#columns.slice(from, to))
  }
}
