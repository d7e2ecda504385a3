import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { Expiry } from '#stores/journals/segments/expiry.ts'
import type { JournalLimits } from '#stores/journals/segments/limits.ts'
import { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { API_TABLE } from './api-table.ts'
import { StoredApiJournal } from './stored-api-journal.ts'

/** Days that API events are kept. @source CloudTrail's event history: 90 days */
const KEPT_DAYS = 90

export interface ApiJournalOptions {
  /** Holds the segments; nothing else may use it. */
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<JournalLimits>
}

/**
 * Opens the journal of API events and recovers what an earlier run left; inserting that goes on in the background.
 * @throws Error when the directory is of a newer version, or when its records are missing
 */
export async function openApiJournal(options: ApiJournalOptions): Promise<ApiJournal> {
  const { records, columns, clock, telemetry } = options
  const totals = new Totals(records, API_TABLE.name)
  const journal = await SegmentJournal.open({
    ...options,
    table: API_TABLE,
    commit: async (segment, state) => {
      const counts = await totals.changesFor(segment, { group: () => false, stream: () => true })
      await records.commit([state, ...counts])
    },
  })
  const ready = (signal: AbortSignal): Promise<void> => journal.table(signal)
  const expiry = new Expiry({ table: API_TABLE, days: KEPT_DAYS, columns, clock, telemetry, ready })
  return new StoredApiJournal({ journal, columns, totals, telemetry, expiry })
}
