import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '#stores/records/sqlite/schema.ts'

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
