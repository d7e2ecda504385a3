import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'
import { Expiry } from '#stores/journals/segments/expiry.ts'
import type { JournalLimits } from '#stores/journals/segments/limits.ts'
import { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { METRIC_TABLE } from './metric-table.ts'
import { StoredMetricJournal } from './stored-metric-journal.ts'

/** Days that metric points are kept. @source CloudWatch user guide, metrics retention: 455 days (15 months) */
const KEPT_DAYS = 455

export interface MetricJournalOptions {
  /** Holds the segments; nothing else may use it. */
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<JournalLimits>
}

/**
 * Opens the journal of metric points and recovers what an earlier run left; inserting that goes on in the background.
 * @throws Error when the directory is of a newer version, or when its records are missing
 */
export async function openMetricJournal(options: MetricJournalOptions): Promise<MetricJournal> {
  const { records, columns, clock, telemetry } = options
  const journal = await SegmentJournal.open({
    ...options,
    table: METRIC_TABLE,
    commit: async (_segment, state) => {
      await records.commit([state])
    },
  })
  const ready = (signal: AbortSignal): Promise<void> => journal.table(signal)
  const expiry = new Expiry({ table: METRIC_TABLE, days: KEPT_DAYS, columns, clock, telemetry, ready })
  return new StoredMetricJournal({ journal, columns, expiry })
}
