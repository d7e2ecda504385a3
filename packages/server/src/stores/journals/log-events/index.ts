import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import type { JournalLimits } from '#stores/journals/segments/limits.ts'
import { Mutex } from '#stores/journals/segments/mutex.ts'
import type { SegmentFiles } from '#stores/journals/segments/segment-file.ts'
import { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { Deleter } from './deleter.ts'
import { LOG_TABLE } from './log-table.ts'
import { Positions } from './positions.ts'
import { StoredLogJournal } from './stored-log-journal.ts'
import { Tombstones } from './tombstones.ts'

export interface LogJournalOptions {
  /** Holds the segments; nothing else may use it. */
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<JournalLimits>
  /** Stands in for the disk in tests. */
  readonly files?: (directory: string) => SegmentFiles
}

/**
 * Opens the journal of log events and recovers what an earlier run left; inserting that goes on in the background.
 * @throws Error when the directory is of a newer version, or when its records are missing
 */
export async function openLogJournal(options: LogJournalOptions): Promise<LogJournal> {
  const { records, columns, telemetry } = options
  const totals = new Totals(records, LOG_TABLE.name)
  const positions = new Positions(records)
  const tombstones = new Tombstones()
  const totalsLock = new Mutex()
  await tombstones.load(records)
  const journal = await SegmentJournal.open({
    ...options,
    table: LOG_TABLE,
    commit: (segment, state) =>
      totalsLock.run(async () => {
        const counts = await totals.changesFor(segment, {
          group: (group) => tombstones.isGroupDeleted(group),
          stream: (group, stream) => tombstones.isStreamDeleted(group, stream),
        })
        await records.commit([state, ...counts, ...positions.changesFor(segment)])
      }),
    left: (segment) => positions.left(segment),
  })
  const deleter = new Deleter({ journal, columns, records, tombstones, totals, totalsLock, telemetry })
  deleter.wake()
  return new StoredLogJournal({ journal, columns, records, totals, positions, tombstones, deleter })
}
