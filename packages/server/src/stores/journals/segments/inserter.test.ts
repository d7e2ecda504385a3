import { expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import type { RecordChange } from '#stores/records/record-store.ts'
import { scriptedColumns, uint64 } from '../../../../../testkit/src/scripted-columns.ts'
import { Inserter } from './inserter.ts'
import { type JournalState, newState } from './journal-records.ts'
import { RowLayout } from './row-layout.ts'
import { RowWriter } from './row-writer.ts'
import { Segment } from './segment.ts'
import type { SegmentFile } from './segment-file.ts'
import { firstSeqOf } from './seq.ts'
import { SlabPool } from './slab.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

/** A sealed segment of three rows whose file lies beside the given notes. */
function segmentOf(counter: number, notes: string[], certain = true, extraBytes = 0): Segment {
  const pool = new SlabPool()
  const writer = new RowWriter(pool, new RowLayout(LOG_TABLE).columns)
  writer.startAt(0)
  const events = listedEvents([1, 2, 3].map((timestamp) => ({ timestamp, message: 'm' })))
  encodeBatch(writer, { group: 1, stream: 1, events }, { firstSeq: firstSeqOf(counter), ingestionTime: 50 + counter })
  writer.mark(firstSeqOf(counter + 1), 50 + counter, '')
  const written = writer.take()
  let size = written.bytes + extraBytes
  const file: SegmentFile = {
    path: `/journal/${String(counter)}.seg`,
    write: async () => {},
    sync: async () => {},
    read: async () => {},
    size: async () => size,
    truncate: async (bytes) => {
      notes.push(`cut ${String(bytes)}`)
      size = bytes
    },
    close: async () => {},
    remove: async () => void notes.push(`remove ${String(counter)}`),
  }
  const segment = new Segment(firstSeqOf(counter), file, pool, certain)
  segment.add({
    runs: written.runs,
    positions: [],
    bytes: written.bytes,
    nextSeq: firstSeqOf(counter + 1),
    ingestionTime: 50 + counter,
  })
  segment.sealed = true
  return segment
}

function setUp(segments: Segment[], notes: string[]) {
  const columns = scriptedColumns()
  const states: JournalState[] = []
  let isIdle = false
  const script = { commit: async (): Promise<void> => {} }
  const inserter = new Inserter({
    table: LOG_TABLE,
    columns,
    telemetry: silentTelemetry,
    state: newState('store-1'),
    next: () => segments[0],
    commit: async (segment, state: RecordChange) => {
      await script.commit()
      if (state.kind === 'put') states.push(state.value as JournalState)
      notes.push(`commit ${String(segment.firstSeq / 16_384)}`)
    },
    inserted: (segment) => {
      expect(segments.shift()).toBe(segment)
      notes.push('out of memory')
    },
    idle: () => {
      isIdle = true
    },
  })
  /** What a table would say that has these rows and takes what it is told. */
  let rows = 0
  columns.answer = () => uint64(rows)
  columns.perform = (sql) => {
    notes.push(sql.startsWith('INSERT') ? (sql.includes('NOT IN') ? 'insert missing' : 'insert') : 'create table')
    if (sql.startsWith('INSERT')) rows = 3
  }
  const table = {
    get rows() {
      return rows
    },
    set rows(value: number) {
      rows = value
    },
  }
  const finished = (): Promise<void> => expect.poll(() => isIdle, { timeout: 5_000 }).toBe(true)
  return { inserter, columns, states, table, finished, script }
}

test('a segment is inserted once, counted, committed, and only then leaves memory and disk', async () => {
  const notes: string[] = []
  const { inserter, columns, states, finished } = setUp([segmentOf(7, notes)], notes)
  inserter.wake()
  await finished()
  expect(notes).toEqual(['create table', 'insert', 'commit 7', 'out of memory', 'remove 7'])
  expect(columns.statements[1]).toContain(`insert_deduplication_token = 'store-1-${String(firstSeqOf(7))}'`)
  expect(columns.statements[1]).toContain("file('/journal/7.seg'")
  expect(columns.statements[2]).toBe(
    'SELECT count() FROM log_events WHERE seq >= 114688 AND seq < 131072 AND ts >= 1 AND ts <= 3',
  )
  expect(states).toEqual([{ version: 1, store: 'store-1', nextSeq: firstSeqOf(8), ingestionTime: 57 }])
})

test('segments are inserted oldest first, the table is made once', async () => {
  const notes: string[] = []
  const segments = [segmentOf(1, notes), segmentOf(2, notes)]
  const { inserter, table, columns, finished } = setUp(segments, notes)
  const { perform } = columns
  columns.perform = (sql) => {
    table.rows = 0
    return perform(sql)
  }
  inserter.wake()
  await finished()
  expect(notes.filter((note) => /^(?:commit|create)/.test(note))).toEqual(['create table', 'commit 1', 'commit 2'])
})

test.each([
  { there: 3, expected: [] },
  { there: 1, expected: ['insert missing'] },
  { there: 0, expected: ['insert missing'] },
])('of an uncertain segment $there of 3 rows are there: what is done is $expected', async ({ there, expected }) => {
  const notes: string[] = []
  const { inserter, table, finished } = setUp([segmentOf(1, notes, false)], notes)
  table.rows = there
  inserter.wake()
  await finished()
  expect(notes.filter((note) => note.startsWith('insert'))).toEqual(expected)
  expect(notes).toContain('commit 1')
})

test('an insert that says it went well but brought no rows is not believed', async () => {
  const notes: string[] = []
  const { inserter, table, columns, finished } = setUp([segmentOf(1, notes)], notes)
  const { perform } = columns
  columns.perform = async (sql) => {
    await perform(sql)
    if (!sql.includes('NOT IN')) table.rows = 0
  }
  inserter.wake()
  await finished()
  expect(notes).toEqual(['create table', 'insert', 'insert missing', 'commit 1', 'out of memory', 'remove 1'])
})

test('an insert whose outcome was not learnt is looked at before anything is repeated', async () => {
  const notes: string[] = []
  const { inserter, columns, finished } = setUp([segmentOf(1, notes)], notes)
  const { perform } = columns
  let broken = true
  columns.perform = async (sql) => {
    await perform(sql)
    if (broken && sql.startsWith('INSERT')) {
      broken = false
      throw new Error('socket hang up')
    }
  }
  inserter.wake()
  await finished()
  expect(notes).toEqual(['create table', 'insert', 'commit 1', 'out of memory', 'remove 1'])
})

test('when the records cannot be committed, the segment stays and nothing is inserted twice', async () => {
  const notes: string[] = []
  const { inserter, script, finished } = setUp([segmentOf(1, notes)], notes)
  let failures = 2
  script.commit = async () => {
    if (failures-- > 0) throw new Error('the disk is full')
  }
  inserter.wake()
  await expect.poll(() => inserter.lastError).toBe('the disk is full')
  expect(inserter.isIdle).toBe(false)
  await finished()
  expect(inserter.lastError).toBeUndefined()
  expect(notes).toEqual(['create table', 'insert', 'commit 1', 'out of memory', 'remove 1'])
})

test('more rows than the segment has are an error that is said, never a success', async () => {
  const notes: string[] = []
  const { inserter, table } = setUp([segmentOf(1, notes, false)], notes)
  table.rows = 4
  inserter.wake()
  await expect.poll(() => inserter.lastError).toBe('4 rows of a segment of 3 are in the table log_events')
  expect(notes).not.toContain('commit 1')
  await inserter.close(0)
})

test('bytes behind the last mark are cut before the engine reads the file', async () => {
  const notes: string[] = []
  const segment = segmentOf(1, notes, true, 9)
  const { inserter, finished } = setUp([segment], notes)
  inserter.wake()
  await finished()
  expect(notes.slice(0, 3)).toEqual(['create table', `cut ${String(segment.bytes)}`, 'insert'])
})

test('closing does not wait for a statement that hangs', async () => {
  const notes: string[] = []
  const { inserter, columns } = setUp([segmentOf(1, notes)], notes)
  columns.perform = (sql) => (sql.startsWith('INSERT') ? new Promise<void>(() => {}) : undefined)
  inserter.wake()
  await expect.poll(() => columns.statements.length).toBe(2)
  const began = performance.now()
  await inserter.close(20)
  expect(performance.now() - began).toBeLessThan(3_000)
})
