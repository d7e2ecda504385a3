import type { DatabaseSync } from 'node:sqlite'
import { recordKeyText } from '#stores/records/record-key.ts'
import type { ListOptions, RecordKey, StoredRecord } from '#stores/records/record-store.ts'
import { RecentRows, type Row } from '#stores/records/sqlite/recent-rows.ts'
import { compareUtf8, prefixEnd } from '#stores/records/utf8-order.ts'

const DEFAULT_LIMIT = 1_000
/** Sorts after every text in SQLite: the open end of a range. */
const AFTER_ALL_TEXT = new Uint8Array(0)

const WHERE_KEY = 'collection = ? AND account = ? AND region = ? AND id = ?'
const SCOPE = 'SELECT id, revision, value FROM records WHERE collection = ? AND account = ? AND region = ?'

/** The store's SQL, prepared once; every method is one synchronous statement. */
export type RecordStatements = ReturnType<typeof prepareStatements>

export function prepareStatements(database: DatabaseSync) {
  const get = database.prepare(`SELECT revision, value FROM records WHERE ${WHERE_KEY}`)
  const revision = database.prepare(`SELECT revision FROM records WHERE ${WHERE_KEY}`)
  const from = database.prepare(`${SCOPE} AND id >= ? AND id < ? ORDER BY id LIMIT ?`)
  const after = database.prepare(`${SCOPE} AND id > ? AND id < ? ORDER BY id LIMIT ?`)
  const all = database.prepare(
    'SELECT account, region, id, revision, value FROM records WHERE collection = ? ORDER BY account, region, id',
  )
  const remove = database.prepare(`DELETE FROM records WHERE ${WHERE_KEY}`)
  const put = database.prepare(
    `INSERT INTO records (collection, account, region, id, revision, value) VALUES (?, ?, ?, ?, 1, ?)
     ON CONFLICT DO UPDATE SET revision = revision + 1, value = excluded.value`,
  )
  const run = {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
  }

  const recent = new RecentRows()
  const find = (key: RecordKey): Row | undefined => {
    const text = recordKeyText(key)
    const known = recent.get(text)
    if (known !== undefined) return known
    const row = get.get(key.collection, key.account, key.region, key.id)
    if (row !== undefined) recent.keep(text, row)
    return row
  }

  return {
    get<T>(key: RecordKey): StoredRecord<T> | undefined {
      const row = find(key)
      return row && stored<T>(key, row)
    },
    /** 0 when there is no such record. */
    revision: (key: RecordKey): number =>
      Number(revision.get(key.collection, key.account, key.region, key.id)?.['revision'] ?? 0),
    list<T>(collection: string, account: string, region: string, options: ListOptions): readonly StoredRecord<T>[] {
      const { prefix = '', after: last, limit = DEFAULT_LIMIT } = options
      const end = prefixEnd(prefix) ?? AFTER_ALL_TEXT
      const rows =
        last !== undefined && compareUtf8(last, prefix) >= 0
          ? after.all(collection, account, region, last, end, limit)
          : from.all(collection, account, region, prefix, end, limit)
      return rows.map((row) => stored<T>({ collection, account, region, id: String(row['id']) }, row))
    },
    listAll: <T>(collection: string): readonly StoredRecord<T>[] =>
      all.all(collection).map((row) => {
        const key = {
          collection,
          account: String(row['account']),
          region: String(row['region']),
          id: String(row['id']),
        }
        return stored<T>(key, row)
      }),
    put(key: RecordKey, json: string): void {
      recent.forget(recordKeyText(key))
      put.run(key.collection, key.account, key.region, key.id, json)
    },
    /** Whether there was one. */
    remove(key: RecordKey): boolean {
      recent.forget(recordKeyText(key))
      return remove.run(key.collection, key.account, key.region, key.id).changes === 1
    },
    begin: (): void => void run.begin.run(),
    commit: (): void => void run.commit.run(),
    rollback: (): void => void run.rollback.run(),
  }
}

const stored = <T>(key: RecordKey, row: Row): StoredRecord<T> => ({
  key,
  revision: Number(row['revision']),
  value: JSON.parse(String(row['value'])) as T,
})
