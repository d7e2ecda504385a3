import { listedEvents } from '../../server/src/stores/journals/listed-events.ts'
import type { LogBatch, LogJournal, LogQuery, StoredLogEvent } from '../../server/src/stores/journals/log-journal.ts'
import type { JournalHome, SettableClock } from './journal-home.ts'

/** One journal that all rules of a suite share; each rule has log groups of its own. */
export class LogJournalDesk {
  readonly name: string
  readonly home: JournalHome<LogJournal>
  readonly clock: SettableClock
  #journal: LogJournal | undefined
  #lastGroup = 0

  constructor(name: string, home: JournalHome<LogJournal>, clock: SettableClock) {
    this.name = name
    this.home = home
    this.clock = clock
  }

  get journal(): LogJournal {
    if (this.#journal === undefined) throw new Error('the journal is not open')
    return this.#journal
  }

  async open(): Promise<void> {
    this.#journal = await this.home.open()
  }

  async reopen(): Promise<void> {
    this.#journal = await this.home.reopen?.(this.journal)
  }

  newGroup(): number {
    return ++this.#lastGroup
  }

  async settle(): Promise<void> {
    await this.home.settle?.(this.journal)
  }

  ask(query: Partial<LogQuery> & { readonly group: number }): Promise<readonly StoredLogEvent[]> {
    return this.journal.query({ order: 'ascending', limit: 10_000, signal: AbortSignal.timeout(60_000), ...query })
  }
}

export const events = (...pairs: readonly (readonly [number, string])[]): LogBatch['events'] =>
  listedEvents(pairs.map(([timestamp, message]) => ({ timestamp, message })))

export const messages = (found: readonly StoredLogEvent[]): string[] => found.map(({ message }) => message)
