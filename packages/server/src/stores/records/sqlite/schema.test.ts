import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { APPLICATION_ID, SCHEMA_VERSION, openDatabase } from '#stores/records/sqlite/schema.ts'

test('the connection syncs the write-ahead log with every commit', () => {
  const directory = mkdtempSync(join(tmpdir(), 'records-'))
  const database = openDatabase(join(directory, 'records.db'))
  try {
    const FULL = 2
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: FULL })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  } finally {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  }
})

test('rows of an earlier version that lie in the index are moved out of it, once, and all are there', () => {
  const directory = mkdtempSync(join(tmpdir(), 'records-'))
  const file = join(directory, 'records.db')
  const earlier = new DatabaseSync(file)
  earlier.exec(`
    CREATE TABLE records (
      collection TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,
      revision INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, account, region, id)
    ) STRICT, WITHOUT ROWID;
    PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(SCHEMA_VERSION)};
  `)
  const insert = earlier.prepare("INSERT INTO records VALUES ('test.thing', 'a', 'r', ?, ?, ?)")
  for (let n = 0; n < 1_000; n++) insert.run(`id-${String((n * 7) % 1_000)}`, n + 1, JSON.stringify('x'.repeat(n)))
  const ALL = 'SELECT * FROM records ORDER BY collection, account, region, id'
  const before = earlier.prepare(ALL).all()
  earlier.close()
  try {
    for (let opened = 0; opened < 2; opened++) {
      const database = openDatabase(file)
      expect(database.prepare(ALL).all()).toEqual(before)
      expect(database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all()).toEqual([
        { name: 'records', sql: expect.not.stringContaining('WITHOUT ROWID') as string },
      ])
      expect(database.prepare('SELECT rowid FROM records WHERE id = ?').all('id-7')).toHaveLength(1)
      database.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
