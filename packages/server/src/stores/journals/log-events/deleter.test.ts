import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { RowsDamaged } from '#stores/journals/clickhouse/damage.ts'
import { Mutex } from '#stores/journals/segments/mutex.ts'
import type { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { type ScriptedColumns, scriptedColumns, uint64 } from '../../../../../testkit/src/scripted-columns.ts'
import { Deleter } from './deleter.ts'
import { putTombstone, type Tombstone, Tombstones } from './tombstones.ts'

let directory = ''
let records: RecordStore
let columns: ScriptedColumns
let totals: Totals
let waitedFor: number[]
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'deleter-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
  columns = scriptedColumns()
  totals = new Totals(records, 'log_events')
  waitedFor = []
  const value = { events: 10, bytes: 1_000, first: 5, last: 900, through: 0 }
  await records.commit([
    { kind: 'put', key: totals.groupKey(1), value },
    { kind: 'put', key: totals.streamKey(1, 2), value: { first: 5, last: 9, ingestion: 9 } },
    { kind: 'put', key: totals.streamKey(1, 3), value: { first: 5, last: 9, ingestion: 9 } },
  ])
  columns.answer = ({ sql }) => {
    if (sql.startsWith('SELECT count(), sum')) return uint64(4, 40)
    if (sql.startsWith('SELECT ts')) return uint64(77)
    return Buffer.from(sql.includes('_partition_id') ? '["100"]\n["101"]\n' : '["101"]\n')
  }
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

const stream: Tombstone = { kind: 'stream', group: 1, stream: 2, cut: 50, counted: false }
const days: Tombstone = { kind: 'before', group: 1, before: 60, cut: 70, counted: false }
const group: Tombstone = { kind: 'group', group: 1, cut: 90 }

/** Frees what is there and in the records, as after a start. */
async function free(): Promise<Tombstones> {
  const tombstones = new Tombstones()
  await tombstones.load(records)
  const journal = {
    insertedThrough: async (seq: number) => void waitedFor.push(seq),
    table: async () => {},
  } as unknown as SegmentJournal
  const deleter = new Deleter({
    journal,
    columns,
    records,
    tombstones,
    totals,
    totalsLock: new Mutex(),
    telemetry: silentTelemetry,
  })
  deleter.wake()
  await expect.poll(() => tombstones.isEmpty, { timeout: 5_000 }).toBe(true)
  await deleter.close()
  return tombstones
}
const changes = (): string[] => columns.statements.filter((sql) => !sql.startsWith('SELECT'))

test('while rows are set aside nothing is deleted or counted; once they are not, it is made up for', async () => {
  await records.commit([putTombstone(stream)])
  const { answer } = columns
  let refusals = 0
  columns.answer = (query) => {
    if (query.needs?.table !== 'log_events' || refusals === 1) return answer(query)
    refusals += 1
    expect(changes()).toEqual([])
    throw new RowsDamaged('set aside')
  }
  await free()
  expect(refusals).toBe(1)
  expect(changes()[0]).toMatch(/^DELETE FROM log_events/)
  expect((await totals.inserted(1))?.events).toBe(6)
})

test('rows are deleted partition by partition, then the masked partitions are rewritten, after everything is in', async () => {
  await records.commit([putTombstone(stream)])
  await free()
  expect(waitedFor).toEqual([50])
  expect(changes()).toEqual([
    "DELETE FROM log_events IN PARTITION ID '100' WHERE (grp = 1 AND seq < 50 AND sub = 2)",
    "DELETE FROM log_events IN PARTITION ID '101' WHERE (grp = 1 AND seq < 50 AND sub = 2)",
    "ALTER TABLE log_events APPLY DELETED MASK IN PARTITION ID '101' SETTINGS mutations_sync = 1",
  ])
  expect(await totals.inserted(1)).toMatchObject({ events: 6, bytes: 1_000 - 40 - 4 * 26, first: 5 })
  expect(await totals.insertedStream(1, 2)).toBeUndefined()
  expect(await totals.insertedStream(1, 3)).toBeDefined()
  expect(await records.listAll('journal.tombstone')).toEqual([])
})

test('freed days move the first time of the group to what is left', async () => {
  await records.commit([putTombstone(days)])
  await free()
  expect(changes()[0]).toContain('(grp = 1 AND seq < 70 AND ts < 60)')
  expect(await totals.inserted(1)).toMatchObject({ events: 6, first: 77 })
})

test('a deleted group takes its streams and totals along', async () => {
  await records.commit([putTombstone(group)])
  const tombstones = await free()
  expect(await totals.inserted(1)).toBeUndefined()
  expect(await totals.insertedStream(1, 2)).toBeUndefined()
  expect(await totals.insertedStream(1, 3)).toBeUndefined()
  expect(tombstones.isGroupDeleted(1)).toBe(true)
})

test('a deletion that fails on the way is tried again, and its events are taken off the totals once', async () => {
  await records.commit([putTombstone(stream)])
  let failures = 1
  columns.perform = (sql) => {
    if (sql.startsWith('DELETE') && failures-- > 0) throw new Error('the column store went away')
  }
  await free()
  expect(columns.statements.filter((sql) => sql.startsWith('SELECT count()'))).toHaveLength(1)
  expect(await totals.inserted(1)).toMatchObject({ events: 6 })
})

test('a deletion that was interrupted after counting is carried through by the next run without counting again', async () => {
  await records.commit([putTombstone({ ...stream, counted: true })])
  await free()
  expect(columns.statements.some((sql) => sql.startsWith('SELECT count()'))).toBe(false)
  expect(await totals.inserted(1)).toMatchObject({ events: 10 })
  expect(changes()).toHaveLength(3)
})

test('deletions of one group that may overlap are freed one after the other', async () => {
  await records.commit([putTombstone(days), putTombstone(stream)])
  await free()
  expect(waitedFor).toEqual([50, 70])
  expect(
    changes()
      .filter((sql) => sql.startsWith('DELETE'))
      .map((sql) => sql.includes('OR')),
  ).toEqual([false, false, false, false])
})
