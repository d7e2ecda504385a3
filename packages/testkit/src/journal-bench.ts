import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../server/src/kernel/clock.ts'
import { silentTelemetry, type Telemetry } from '../../server/src/kernel/telemetry.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import { type JournalHome, type SettableClock, settableClock, TODAY } from './journal-home.ts'
import { openApiJournal } from '../../server/src/stores/journals/api-events/index.ts'
import { openMetricJournal } from '../../server/src/stores/journals/metric-points/index.ts'
import type { MetricJournal } from '../../server/src/stores/journals/metric-journal.ts'
import type { ApiJournal } from '../../server/src/stores/journals/api-journal.ts'
import { type ColumnStore, openColumnStore } from '../../server/src/stores/journals/column-store.ts'
import { type LogJournalOptions, openLogJournal } from '../../server/src/stores/journals/log-events/index.ts'
import type { LogJournal } from '../../server/src/stores/journals/log-journal.ts'
import type { JournalLimits } from '../../server/src/stores/journals/segments/limits.ts'

type Settings = Partial<JournalLimits> & { readonly settles: boolean }

/** A data directory with records and a column store, for tests of the journals. */
export interface JournalBench {
  readonly clock: SettableClock
  logHome(settings: Settings): JournalHome<LogJournal>
  apiHome(settings: Settings): JournalHome<ApiJournal>
  metricHome(settings: Settings): JournalHome<MetricJournal>
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
    metricHome: ({ settles, ...limits }) =>
      home(
        () =>
          openMetricJournal({
            directory: join(directory, 'journal', 'metrics'),
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

/** A log journal with everything below it, opened on a directory that may have been used before. */
export interface OpenedLogJournal {
  readonly directory: string
  readonly records: RecordStore
  readonly columns: ColumnStore
  readonly journal: LogJournal
  close(): Promise<void>
}

export interface LogJournalSettings {
  readonly limits?: Partial<JournalLimits>
  readonly telemetry?: Telemetry
  readonly clock?: Clock
  readonly files?: LogJournalOptions['files']
  /** What the journal gets instead of the column store itself. */
  readonly wrap?: (columns: ColumnStore) => ColumnStore
  /** Runs before the journal is opened. */
  readonly before?: (columns: ColumnStore, records: RecordStore) => Promise<void>
}

export async function openLogJournalIn(
  directory: string,
  settings: LogJournalSettings = {},
): Promise<OpenedLogJournal> {
  const {
    telemetry = silentTelemetry,
    clock = settableClock(TODAY),
    limits = {},
    wrap = (columns) => columns,
    files,
    before,
  } = settings
  mkdirSync(directory, { recursive: true })
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry })
  const closeStores = async (): Promise<void> => {
    await columns.close()
    await records.close()
  }
  try {
    await before?.(columns, records)
    const options = { directory: join(directory, 'journal'), records, columns: wrap(columns), clock, telemetry, limits }
    const journal = await openLogJournal(files === undefined ? options : { ...options, files })
    const close = async (): Promise<void> => {
      await journal.close()
      await closeStores()
    }
    return { directory, records, columns, journal, close }
  } catch (error) {
    await closeStores()
    throw error
  }
}

/** What a kill at this moment would leave, except for the column store: a directory of its own to open. */
export function copyOfState({ directory }: OpenedLogJournal): string {
  const copy = mkdtempSync(join(tmpdir(), 'journal-copy-'))
  cpSync(join(directory, 'journal'), join(copy, 'journal'), { recursive: true })
  for (const name of readdirSync(directory))
    if (name.startsWith('records.db')) cpSync(join(directory, name), join(copy, name))
  return copy
}

/** A column store that takes no statements until it is told to go on. */
export function pausedColumns(): { readonly wrap: (columns: ColumnStore) => ColumnStore; resume(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    wrap: (columns) => ({
      get state() {
        return columns.state
      },
      get lastError() {
        return columns.lastError
      },
      get trouble() {
        return columns.trouble
      },
      get pid() {
        return columns.pid
      },
      read: (query) => columns.read(query),
      whenRunning: (signal) => columns.whenRunning(signal),
      fileLiteral: (path) => columns.fileLiteral(path),
      close: () => columns.close(),
      command: async (sql) => {
        // Tables may be made; what is held up is events on their way in.
        if (sql.startsWith('INSERT')) await promise
        await columns.command(sql)
      },
    }),
    resume: resolve,
  }
}
