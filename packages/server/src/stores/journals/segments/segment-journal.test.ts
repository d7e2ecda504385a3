import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { encodeBatch, LOG_TABLE } from '#stores/journals/log-events/log-table.ts'
import { Backlogged } from '#stores/journals/log-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { type ScriptedColumns, scriptedColumns, uint64 } from '../../../../../testkit/src/scripted-columns.ts'
import type { Stamp } from './group-queue.ts'
import type { JournalLimits } from './limits.ts'
import { SegmentJournal } from './segment-journal.ts'
import { firstSeqOf } from './seq.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const NEVER = 3_600_000
let directory = ''
let records: RecordStore
let columns: ScriptedColumns
/** Rows that the table says it has. */
let rows = 0
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'segment-journal-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
  columns = scriptedColumns()
  rows = 0
  columns.answer = () => uint64(rows)
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

const open = (limits: Partial<JournalLimits> = {}, now = 1_000): Promise<SegmentJournal> =>
  SegmentJournal.open({
    directory: join(directory, 'journal'),
    table: LOG_TABLE,
    records,
    columns,
    clock: { now: () => now },
    telemetry: silentTelemetry,
    limits: { sealAfterMillis: NEVER, ...limits },
    commit: (_, state) => records.commit([state]),
  })
const append = (journal: SegmentJournal, message = 'm'): Promise<Stamp> =>
  journal.append(undefined, (writer, stamp) =>
    encodeBatch(writer, { group: 1, stream: 1, events: listedEvents([{ timestamp: 1, message }]) }, stamp),
  )
/** Leaves what is waiting to the next start. */
const closeAtOnce = async (journal: SegmentJournal): Promise<void> => {
  columns.state = 'restarting'
  await journal.close()
  columns.state = 'running'
}
const files = (): string[] => readdirSync(join(directory, 'journal')).filter((name) => name.endsWith('.seg'))

test('a snapshot has everything that was acknowledged, and its watermark is the first seq of it', async () => {
  const journal = await open()
  const before = journal.snapshot()
  expect([before.watermark, before.segments]).toEqual([firstSeqOf(1), []])
  before.release()
  const { firstSeq } = await append(journal)
  const after = journal.snapshot()
  expect([after.watermark, after.segments.length, firstSeq]).toEqual([firstSeqOf(1), 1, firstSeqOf(1)])
  after.release()
  await closeAtOnce(journal)
})

test('once a segment is in the column store, the watermark is beyond it; an older snapshot still reads the segment', async () => {
  const journal = await open()
  await append(journal)
  const older = journal.snapshot()
  const { epoch } = journal
  rows = 1
  await journal.sealNow()
  await journal.insertedThrough(journal.nextSeq, AbortSignal.timeout(5_000))
  expect(journal.epoch).toBe(epoch + 1)
  const newer = journal.snapshot()
  expect([newer.watermark, newer.segments]).toEqual([firstSeqOf(2), []])
  const [segment] = older.segments
  const into = Buffer.alloc(segment?.bytes ?? 0)
  await segment?.file.read(into, 0)
  expect(into.includes('m')).toBe(true)
  await expect.poll(files).toEqual([])
  older.release()
  newer.release()
  await closeAtOnce(journal)
})

test('numbers and ingestion times go on after a start, from the state and from the segments that are left', async () => {
  const first = await open({}, 5_000)
  for (let count = 0; count < 3; count++) await append(first)
  await closeAtOnce(first)
  expect(files()).toHaveLength(1)
  const second = await open({}, 1_000)
  expect(second.segments).toHaveLength(1)
  const stamp = await append(second)
  expect(stamp).toEqual({ firstSeq: firstSeqOf(4), ingestionTime: 5_000 })
  await closeAtOnce(second)
})

test('more than the bound is refused at once, what is less is not', async () => {
  const journal = await open({ waitingBytes: 600 })
  let taken = 0
  let refusal: unknown
  while (refusal === undefined && taken < 100) {
    try {
      await append(journal, 'x'.repeat(60))
      taken += 1
    } catch (error) {
      refusal = error
    }
  }
  expect(refusal).toBeInstanceOf(Backlogged)
  expect(taken).toBeGreaterThan(1)
  expect(taken).toBeLessThan(6)
  expect(journal.health).toMatchObject({ columnStore: 'running', waitingBytes: expect.any(Number) as unknown })
  await closeAtOnce(journal)
})

test('waiting for what is not inserted ends with its signal', async () => {
  const journal = await open()
  await append(journal)
  const stop = new AbortController()
  const waiting = journal.insertedThrough(journal.nextSeq, stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  rows = 1
  await closeAtOnce(journal)
})

test('a journal without state is only begun where nothing is', async () => {
  rows = 5
  await expect(open()).rejects.toThrow('the journal log_events holds events, but its records are missing')
  rows = 0
  await (await open()).close()
  await (await open()).close()
})

test('a directory that the column store would take for a pattern is refused before anything is made in it', async () => {
  columns.fileLiteral = (path) => {
    throw new Error(`${path} looks like a pattern`)
  }
  await expect(open()).rejects.toThrow('looks like a pattern')
  expect(files()).toEqual([])
})

test('what closing could not insert is inserted after the next start', async () => {
  const first = await open()
  await append(first)
  await closeAtOnce(first)
  rows = 1
  const second = await open()
  await second.insertedThrough(second.nextSeq, AbortSignal.timeout(5_000))
  expect(columns.statements.some((sql) => sql.startsWith('INSERT'))).toBe(false)
  await expect.poll(files).toEqual([])
  await closeAtOnce(second)
})
