import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentTelemetry } from '../../server/src/kernel/telemetry.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import type { JournalHome, SettableClock } from './journal-home.ts'
import { openApiJournal } from '../../server/src/stores/journals/api-events/index.ts'
import type { ApiJournal } from '../../server/src/stores/journals/api-journal.ts'
import { type ColumnStore, openColumnStore } from '../../server/src/stores/journals/column-store.ts'
import { openLogJournal } from '../../server/src/stores/journals/log-events/index.ts'
import type { LogJournal } from '../../server/src/stores/journals/log-journal.ts'
import type { JournalLimits } from '../../server/src/stores/journals/segments/limits.ts'

type Settings = Partial<JournalLimits> & { readonly settles: boolean }

/** A data directory with records and a column store, for tests of the journals. */
export interface JournalBench {
  readonly clock: SettableClock
  logHome(settings: Settings): JournalHome<LogJournal>
  apiHome(settings: Settings): JournalHome<ApiJournal>
}

export function journalBench(clock: SettableClock): JournalBench {
  let directory = ''
  let records: RecordStore
  let columns: ColumnStore
  const openStores = async (): Promise<void> => {
    directory = mkdtempSync(join(tmpdir(), 'journal-'))
    mkdirSync(join(directory, 'journal'))
    records = openSqliteRecords({ file: join(directory, 'records.db') })
    columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry: silentTelemetry })
  }
  const closeStores = async (): Promise<void> => {
    await columns.close()
    await records.close()
    rmSync(directory, { recursive: true, force: true })
  }
  const home = <J extends { close(): Promise<void> }>(
    open: () => Promise<J>,
    settle: ((journal: J) => Promise<void>) | undefined,
  ): JournalHome<J> => ({
    open: async () => {
      await openStores()
      return open()
    },
    reopen: async (journal) => {
      await journal.close()
      return open()
    },
    close: async (journal) => {
      await journal.close()
      await closeStores()
    },
    ...(settle === undefined ? {} : { settle }),
  })
  return {
    clock,
    logHome: ({ settles, ...limits }) =>
      home(
        () =>
          openLogJournal({
            directory: join(directory, 'journal', 'logs'),
            records,
            columns,
            clock,
            telemetry: silentTelemetry,
            limits,
          }),
        settles ? settled : undefined,
      ),
    apiHome: ({ settles, ...limits }) =>
      home(
        () =>
          openApiJournal({
            directory: join(directory, 'journal', 'api'),
            records,
            columns,
            clock,
            telemetry: silentTelemetry,
            limits,
          }),
        settles ? () => sleep(150) : undefined,
      ),
  }
}

/** Waits until the column store has everything. */
export async function settled(journal: LogJournal): Promise<void> {
  while (journal.health().waitingBytes > 0) await sleep(5)
}
