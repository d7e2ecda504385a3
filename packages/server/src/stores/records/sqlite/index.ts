import { silentTelemetry } from '#kernel/telemetry.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { checkCollection, checkRecordKey } from '#stores/records/record-key.ts'
import type { ListOptions, RecordStore } from '#stores/records/record-store.ts'
import { RecordWatchers } from '#stores/records/record-watchers.ts'
import { explainSqlite } from '#stores/records/sqlite/faults.ts'
import { GroupCommit } from '#stores/records/sqlite/group-commit.ts'
import { encodeChanges } from '#stores/records/sqlite/pending-commit.ts'
import { openDatabase } from '#stores/records/sqlite/schema.ts'
import { prepareStatements } from '#stores/records/sqlite/statements.ts'

export interface SqliteRecordsOptions {
  /** Path of the database file; its folder must exist. Two further files, `-wal` and `-shm`, appear beside it. */
  readonly file: string
  /** Hears of watchers that threw. */
  readonly telemetry?: Telemetry
}

/**
 * The record store on SQLite: one connection, write-ahead log, synchronous=FULL, so a commit is on the disk when it resolves.
 * One process at a time may hold the file; the data directory's lock sees to that.
 * @throws RecordFileError in one sentence when the file is damaged, foreign, newer than this code, or cannot be opened
 */
export function openSqliteRecords(options: SqliteRecordsOptions): RecordStore {
  const { file, telemetry = silentTelemetry } = options
  const explain = (error: unknown): unknown => explainSqlite(file, error)
  const { database, statements } = attempt(explain, () => prepared(file))
  const watchers = new RecordWatchers(telemetry.log)
  const group = new GroupCommit({ statements, changed: (key) => watchers.tell(key), explain })
  let open = true

  const ensureOpen = (): void => {
    if (!open) throw new Error(`the record file ${file} is closed`)
  }
  const read = async <T>(query: () => T): Promise<T> => {
    ensureOpen()
    return attempt(explain, query)
  }

  return {
    get: (key) =>
      read(() => {
        checkRecordKey(key)
        return statements.get({ ...key })
      }),
    list: (collection, account, region, list = {}) =>
      read(() => {
        checkCollection(collection)
        checkListOptions(list)
        return statements.list(collection, account, region, list)
      }),
    listAll: (collection) =>
      read(() => {
        checkCollection(collection)
        return statements.listAll(collection)
      }),
    async commit(changes) {
      ensureOpen()
      if (changes.length > 0) await group.add(encodeChanges(changes))
    },
    watch(collection, hear) {
      checkCollection(collection)
      ensureOpen()
      return watchers.watch(collection, hear)
    },
    async close() {
      if (!open) return
      open = false
      group.drain()
      watchers.clear()
      database.close()
    },
  }
}

function prepared(file: string) {
  const database = openDatabase(file)
  try {
    return { database, statements: prepareStatements(database) }
  } catch (error) {
    database.close()
    throw error
  }
}

function attempt<T>(explain: (error: unknown) => unknown, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw explain(error)
  }
}

function checkListOptions({ prefix = '', after = '', limit = 1 }: ListOptions): void {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new RangeError(`a limit is a whole number from 0, not ${String(limit)}`)
  if (!prefix.isWellFormed() || !after.isWellFormed())
    throw new RangeError('a list prefix or position holds a lone surrogate')
}
