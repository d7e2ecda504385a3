import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface JournalLimits {
  /** Appends are refused when so many bytes wait for the column store. */
  readonly waitingBytes: number
}

export interface LogJournalOptions {
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<JournalLimits>
}

export function openLogJournal(options: LogJournalOptions): Promise<LogJournal> {
  return Promise.reject(new Error(`${options.directory} cannot be opened`))
}
