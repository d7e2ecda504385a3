import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogFields } from '#kernel/telemetry.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { APPLICATION_ID, SCHEMA_VERSION } from '#stores/records/sqlite/schema.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'records-'))
  file = join(directory, 'records.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const key = (id: string) => ({ collection: 'test.thing', account: '111122223333', region: 'us-east-1', id })
const put = (id: string, value: unknown) => ({ kind: 'put', key: key(id), value }) as const

const refusal = (): Error => {
  try {
    openSqliteRecords({ file })
  } catch (error) {
    return error as Error
  }
  throw new Error('the file was opened')
}

const everyByte = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  )

async function withRecords(): Promise<void> {
  const store = openSqliteRecords({ file })
  await store.commit(Array.from({ length: 200 }, (_, n) => put(`id-${String(n)}`, 'x'.repeat(100))))
  await store.close()
}

test('a new file is private, in WAL mode, marked as a record file, and survives being opened again', async () => {
  const store = openSqliteRecords({ file })
  await store.commit([put('a', 1)])
  expect(readdirSync(directory).toSorted()).toEqual(['records.db', 'records.db-shm', 'records.db-wal'])
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  await store.close()
  const database = new DatabaseSync(file, { readOnly: true })
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION })
  expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: APPLICATION_ID })
  database.close()
})

test('a file of a newer version is refused in one sentence and keeps every byte', async () => {
  await withRecords()
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA user_version = ${String(SCHEMA_VERSION + 1)}`)
  database.close()
  const before = everyByte()
  expect(refusal().message).toContain(
    `was written by a newer Sluice (version ${String(SCHEMA_VERSION + 1)} of its layout`,
  )
  expect(everyByte()['records.db']).toBe(before['records.db'])
})

test('a newer version that only the write-ahead log knows of is refused too, and the log is kept', async () => {
  await withRecords()
  const other = new DatabaseSync(file)
  other.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = ${String(SCHEMA_VERSION + 1)}`)
  const copy = mkdtempSync(join(tmpdir(), 'records-'))
  try {
    for (const name of ['records.db', 'records.db-wal'])
      writeFileSync(join(copy, name), readFileSync(join(directory, name)))
    const wal = readFileSync(join(copy, 'records.db-wal'))
    expect(() => openSqliteRecords({ file: join(copy, 'records.db') })).toThrow('written by a newer Sluice')
    expect(readFileSync(join(copy, 'records.db-wal')).equals(wal)).toBe(true)
  } finally {
    other.close()
    rmSync(copy, { recursive: true, force: true })
  }
})

test('a database of something else is refused and keeps its tables', () => {
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)')
  database.close()
  const before = everyByte()
  expect(refusal().message).toContain('no record file of Sluice')
  expect(everyByte()).toEqual(before)
})

test.each([
  {
    name: 'no database at all',
    damage: async () => writeFileSync(file, 'this is not a database, but a text of some length'.repeat(50)),
  },
  {
    name: 'cut off',
    damage: async () => {
      await withRecords()
      truncateSync(file, 5_000)
    },
  },
  {
    name: 'overwritten in the header',
    damage: async () => {
      await withRecords()
      const bytes = readFileSync(file)
      writeFileSync(file, Buffer.concat([Buffer.alloc(100, 7), bytes.subarray(100)]))
    },
  },
])('a file that is $name is refused in one sentence that names it', async ({ damage }) => {
  await damage()
  const before = readFileSync(file)
  const { message } = refusal()
  expect(message).toContain(`the record file ${file} is damaged or is no record file`)
  expect(message.split('\n')).toHaveLength(1)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('damage inside the file is one sentence for the reader, not a wrong answer', async () => {
  await withRecords()
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0xff, 4_096 + 200))
  await expect(
    (async () => {
      const store = openSqliteRecords({ file })
      try {
        await store.listAll('test.thing')
      } finally {
        await store.close()
      }
    })(),
  ).rejects.toThrow('is damaged or is no record file')
})

test('an empty file, as a crash at the very start leaves it, becomes a record file', async () => {
  writeFileSync(file, '')
  const store = openSqliteRecords({ file })
  await store.commit([put('a', 1)])
  expect(await store.get(key('a'))).toMatchObject({ revision: 1 })
  await store.close()
})

test('a file in a folder that does not exist cannot be opened, and says so', () => {
  file = join(directory, 'missing', 'records.db')
  expect(refusal().message).toMatch(/missing/)
  expect(existsSync(join(directory, 'missing'))).toBe(false)
})

test('a watcher that throws is logged by collection and reason', async () => {
  const errors: LogFields[] = []
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: LogFields) => void errors.push(fields) },
  }
  const store = openSqliteRecords({ file, telemetry })
  store.watch('test.thing', () => {
    throw new Error('no ears')
  })
  await store.commit([put('a', 1)])
  expect(errors).toEqual([{ event: 'record_listener_failed', collection: 'test.thing', reason: 'no ears' }])
  await store.close()
})

test('a thousand commits made at once share transactions', async () => {
  const store = openSqliteRecords({ file })
  await store.commit([put('warm', 1)])
  const before = statSync(`${file}-wal`).size
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => store.commit([put(`id-${String(n)}`, n)])))
  // One by one they would write at least a 4 KiB page each.
  expect(statSync(`${file}-wal`).size - before).toBeLessThan(1_000_000)
  expect(await store.listAll('test.thing')).toHaveLength(1_001)
  await store.close()
})

test('an error while writing fails every commit of its group, says why, and leaves nothing half-written', async () => {
  await withRecords()
  const store = openSqliteRecords({ file })
  const other = new DatabaseSync(file)
  other.exec(
    "CREATE TRIGGER breakage BEFORE INSERT ON records WHEN NEW.id = 'b' BEGIN SELECT RAISE(FAIL, 'broken'); END",
  )
  const outcomes = await Promise.allSettled([store.commit([put('a', 1), put('b', 1)]), store.commit([put('c', 1)])])
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'done'))
  expect(reasons).toEqual(Array(2).fill(expect.stringContaining(`the record file ${file} could not be used (broken)`)))
  other.exec('DROP TRIGGER breakage')
  other.close()
  for (const id of ['a', 'b', 'c']) expect(await store.get(key(id))).toBeUndefined()
  await store.commit([put('b', 1)])
  expect(await store.get(key('b'))).toMatchObject({ revision: 1 })
  await store.close()
})

test('a record that was read is read again as the last commit that succeeded left it', async () => {
  await withRecords()
  const store = openSqliteRecords({ file })
  const before = await store.get(key('id-1'))
  const other = new DatabaseSync(file)
  other.exec(
    "CREATE TRIGGER breakage BEFORE INSERT ON records WHEN NEW.id = 'b' BEGIN SELECT RAISE(FAIL, 'broken'); END",
  )
  await expect(store.commit([put('id-1', 'new'), put('b', 1)])).rejects.toThrow('broken')
  expect(await store.get(key('id-1'))).toEqual(before)
  other.exec('DROP TRIGGER breakage')
  other.close()
  await store.commit([put('id-1', 'new')])
  expect(await store.get(key('id-1'))).toMatchObject({ revision: 2, value: 'new' })
  await store.commit([{ kind: 'delete', key: key('id-1') }])
  expect(await store.get(key('id-1'))).toBeUndefined()
  await store.close()
})

test('while another process holds the file a commit soon fails and says why, and reads go on', async () => {
  await withRecords()
  const store = openSqliteRecords({ file })
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  await expect(store.commit([put('a', 1)])).rejects.toThrow('is in use by another process')
  expect(await store.get(key('id-1'))).toMatchObject({ revision: 1 })
  other.exec('ROLLBACK')
  other.close()
  await store.close()
})
