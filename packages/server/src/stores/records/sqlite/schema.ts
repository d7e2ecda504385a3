import { closeSync, openSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { RecordFileError } from '#stores/records/sqlite/faults.ts'

/** What this code writes. A file of a later version is refused before anything touches it. */
export const SCHEMA_VERSION = 1
/** `SLCR`: tells a record file from any other SQLite file. */
export const APPLICATION_ID = 0x53_4c_43_52

/** Waiting for a lock blocks the event loop, and nobody but a backup tool ever holds one. */
const BUSY_TIMEOUT_MILLIS = 500
/** Enough for the hot pages of a large installation; SQLite takes it only as needed. */
const CACHE_KIB = 16_384

/**
 * Rows lie apart from the index over their keys: rows in its pages, four of a kilobyte each, made it six levels deep, took
 * twice as long to read and to write, and twice the room.
 */
const TABLE = `
  CREATE TABLE records (
    collection TEXT NOT NULL,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    id         TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (collection, account, region, id)
  ) STRICT;
`
const CREATE = `${TABLE}
  PRAGMA application_id = ${String(APPLICATION_ID)};
  PRAGMA user_version = ${String(SCHEMA_VERSION)};
`

/**
 * Opens `file`, creating it (0600) when it is missing. Text is compared by UTF-8 bytes (SQLite's BINARY collation).
 * @throws RecordFileError when the file is newer than this code or belongs to something else; it is left as it was
 */
export function openDatabase(file: string): DatabaseSync {
  const fresh = !exists(file) || isFresh(file)
  if (fresh) closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MILLIS, allowExtension: false })
  try {
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -${String(CACHE_KIB)};`,
    )
    if (fresh) database.exec(`BEGIN IMMEDIATE; ${CREATE} COMMIT;`)
    else if (hasRowsInIndex(database)) database.exec(`BEGIN IMMEDIATE; ${MOVE_ROWS_OUT} COMMIT;`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Earlier versions made the table so. They can read and write one that is not: it needs no other version of the layout. */
const hasRowsInIndex = (database: DatabaseSync): boolean =>
  String(database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'records'").get()?.['sql']).includes(
    'WITHOUT ROWID',
  )

const MOVE_ROWS_OUT = `
  ALTER TABLE records RENAME TO earlier;
  ${TABLE}
  INSERT INTO records SELECT collection, account, region, id, revision, value FROM earlier ORDER BY collection, account, region, id;
  DROP TABLE earlier;
`

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined

/** Looks through a read-only connection, so that a file we refuse keeps every byte, its write-ahead log included. */
function isFresh(file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MILLIS })
  try {
    const version = pragma(database, 'user_version')
    const application = pragma(database, 'application_id')
    const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
    // A crash between making the file and making its table leaves an empty database behind.
    if (version === 0 && application === 0 && tables === 0) return true
    if (application !== APPLICATION_ID) {
      throw new RecordFileError(
        file,
        `${file} is a database, but no record file of Sluice; nothing was changed: name another file or data directory`,
      )
    }
    if (version > SCHEMA_VERSION) {
      throw new RecordFileError(
        file,
        `the record file ${file} was written by a newer Sluice (version ${String(version)} of its layout, this one knows up to ${String(SCHEMA_VERSION)}); nothing was changed: start the newer Sluice, or restore a backup made by this one`,
      )
    }
    return false
  } finally {
    database.close()
  }
}

const pragma = (database: DatabaseSync, name: 'user_version' | 'application_id'): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
