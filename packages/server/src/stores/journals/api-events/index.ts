import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface ApiJournalOptions {
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
}

export function openApiJournal(options: ApiJournalOptions): Promise<ApiJournal> {
  return Promise.reject(new Error(`${options.directory} cannot be opened`))
}
