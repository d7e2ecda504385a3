import {
  appendFileSync,
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
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import { insertOnce } from '#stores/journals/segments/insert-statements.ts'
import { readState } from '#stores/journals/segments/journal-records.ts'
import { createTable, DAY_MILLIS, structureOf } from '#stores/journals/segments/table-schema.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { copyOfState, openLogJournalIn, pausedColumns, settled } from '../../../../../testkit/src/journal-bench.ts'
import { TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { LOG_TABLE } from './log-table.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const NEVER = 3_600_000
const directories: string[] = []
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-replay-'))
  directories.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

const batch = (first: number, count: number, dayStep = 0) =>
  Array.from({ length: count }, (_, index) => ({
    timestamp: TODAY + Math.floor(index / 10) * dayStep,
    message: `event ${String(first + index)}`,
  }))
const messagesOf = async (journal: LogJournal): Promise<readonly string[]> =>
  (await journal.query({ group: 1, order: 'ascending', limit: 10_000, signal: AbortSignal.timeout(30_000) })).map(
    ({ message }) => message,
  )
const countRows = async (columns: ColumnStore): Promise<unknown> =>
  JSON.parse(
    (
      await columns.read({
        sql: 'SELECT toUInt32(count()), toUInt32(uniqExact(seq)) FROM log_events',
        format: 'JSONCompactEachRow',
        signal: AbortSignal.timeout(30_000),
      })
    ).toString(),
  )

describe('a segment that a killed run left', () => {
  const TOTAL = 60
  let copy = ''
  beforeEach(async () => {
    const opened = await openLogJournalIn(newDirectory(), { limits: { sealAfterMillis: NEVER } })
    for (let first = 0; first < TOTAL; first += 20) {
      await opened.journal.append({
        group: 1,
        stream: 1,
        events: listedEvents(batch(first, 20, DAY_MILLIS)),
        checkpoint: { source: 's', sequence: first + 1, position: String(first) },
      })
    }
    copy = copyOfState(opened)
    directories.push(copy)
    await opened.close()
  })

  const segment = (): string =>
    join(copy, 'journal', readdirSync(join(copy, 'journal')).find((name) => name.endsWith('.seg')) ?? '')
  const insertSome =
    (condition: string) =>
    async (columns: ColumnStore): Promise<void> => {
      await columns.command(createTable(LOG_TABLE))
      await columns.command(
        `INSERT INTO log_events SELECT * FROM file(${columns.fileLiteral(segment())}, 'RowBinary', '${structureOf(LOG_TABLE)}') WHERE grp = 1 AND ${condition}`,
      )
    }
  /** The token was noted, but its rows are not there: an engine that believes it would drop the segment without a word. */
  const insertAndLose = async (columns: ColumnStore, records: RecordStore): Promise<void> => {
    await columns.command(createTable(LOG_TABLE))
    const state = await readState(records, LOG_TABLE.name)
    const firstSeq = Number(/(\d+)\.seg$/.exec(segment())?.[1])
    await columns.command(
      insertOnce(LOG_TABLE, columns.fileLiteral(segment()), `${state?.store ?? ''}-${String(firstSeq)}`),
    )
    await columns.command('DELETE FROM log_events WHERE grp = 1')
    expect(await countRows(columns)).toEqual([0, 0])
  }

  test.each([
    { name: 'none of its rows arrived', before: undefined },
    { name: 'some of its rows arrived', before: insertSome('seq % 3 = 0') },
    { name: 'a whole day of it arrived', before: insertSome(`ts < ${String(TODAY + DAY_MILLIS)}`) },
    { name: 'all of its rows arrived', before: insertSome('1') },
    { name: 'its token was noted, but its rows are gone', before: insertAndLose },
  ])('$name: afterwards every event is there once', async ({ before }) => {
    const { journal, columns, close } = await openLogJournalIn(copy, before === undefined ? {} : { before })
    const expected = Array.from({ length: TOTAL }, (_, index) => `event ${String(index)}`)
    expect((await messagesOf(journal)).toSorted()).toEqual(expected.toSorted())
    await settled(journal)
    expect(await countRows(columns)).toEqual([TOTAL, TOTAL])
    expect((await messagesOf(journal)).toSorted()).toEqual(expected.toSorted())
    expect(await journal.checkpoint('s')).toEqual({ source: 's', sequence: 41, position: '40' })
    const bytes = expected.reduce((sum, message) => sum + message.length + 26, 0)
    expect(await journal.storedBytes(1)).toBe(bytes)
    await expect.poll(() => readdirSync(join(copy, 'journal'))).toEqual(['version'])
    await close()
  })

  const cuts: LogFields[] = []
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: LogFields) => void cuts.push(fields) },
  }
  beforeEach(() => void cuts.splice(0))

  test('an end that was not completely written is cut, and says so in one line', async () => {
    truncateSync(segment(), statSync(segment()).size - 3)
    const { journal, close } = await openLogJournalIn(copy, { telemetry })
    expect(await messagesOf(journal)).toHaveLength(40)
    expect(await journal.checkpoint('s')).toMatchObject({ sequence: 21 })
    expect(cuts).toEqual([
      expect.objectContaining({
        event: 'journal_segment_cut',
        keptRows: 40,
        reason: expect.stringContaining('not whole') as unknown,
      }),
    ])
    const { firstSeq } = await journal.append({ group: 1, stream: 1, events: listedEvents(batch(40, 20)) })
    expect((await messagesOf(journal)).length).toBe(60)
    expect(firstSeq).toBeGreaterThan(0)
    await settled(journal)
    expect(await messagesOf(journal)).toHaveLength(60)
    await close()
  })

  test('a flipped bit ends the segment at the last good mark before it', async () => {
    const bytes = readFileSync(segment())
    const at = bytes.lastIndexOf('event 25')
    bytes[at + 1] = (bytes[at + 1] ?? 0) ^ 1
    writeFileSync(segment(), bytes)
    const { journal, close } = await openLogJournalIn(copy, { telemetry })
    expect(await messagesOf(journal)).toEqual(batch(0, 20).map(({ message }) => message))
    expect(cuts).toEqual([
      expect.objectContaining({
        event: 'journal_segment_cut',
        keptRows: 20,
        reason: expect.stringContaining('checksum') as unknown,
      }),
    ])
    await close()
  })

  test('rubbish behind the last mark, and a segment of rubbish alone, are removed', async () => {
    appendFileSync(segment(), Buffer.alloc(100, 0xff))
    writeFileSync(join(copy, 'journal', '0000000999999999.seg'), 'rubbish')
    const { journal, close } = await openLogJournalIn(copy, { telemetry })
    expect(await messagesOf(journal)).toHaveLength(TOTAL)
    expect(cuts).toHaveLength(2)
    await settled(journal)
    await expect.poll(() => readdirSync(join(copy, 'journal'))).toEqual(['version'])
    await close()
  })

  test('a segment whose records were committed, but which was not removed, is removed and not inserted again', async () => {
    const name = segment()
    const kept = readFileSync(name)
    const first = await openLogJournalIn(copy)
    await settled(first.journal)
    const bytes = await first.journal.storedBytes(1)
    await first.close()
    writeFileSync(name, kept)
    const { journal, columns, close } = await openLogJournalIn(copy)
    expect(journal.health().waitingBytes).toBe(0)
    expect(await messagesOf(journal)).toHaveLength(TOTAL)
    expect(await countRows(columns)).toEqual([TOTAL, TOTAL])
    expect(await journal.storedBytes(1)).toBe(bytes)
    await close()
  })

  test('a directory that a newer version wrote is refused untouched', async () => {
    writeFileSync(join(copy, 'journal', 'version'), '2\n')
    const before = readFileSync(segment())
    await expect(openLogJournalIn(copy)).rejects.toThrow('was written by a newer version')
    expect(readFileSync(segment())).toEqual(before)
  })

  test('events whose records are missing are refused: their numbers would be given out again', async () => {
    for (const name of readdirSync(copy)) if (name.startsWith('records.db')) rmSync(join(copy, name))
    await expect(openLogJournalIn(copy)).rejects.toThrow('its records are missing')
  })
})

test('the column store killed again and again while it inserts: every event is there once', async () => {
  const { journal, columns, close } = await openLogJournalIn(newDirectory(), {
    limits: { sealAfterMillis: 30, segmentBytes: 4 * 1024 * 1024 },
  })
  const TOTAL = 240_000
  for (let first = 0; first < TOTAL; first += 10_000) {
    await journal.append({
      group: 1 + (first % 3),
      stream: 1,
      events: listedEvents(batch(first, 10_000, DAY_MILLIS / 100)),
    })
    if (first % 80_000 === 40_000) {
      await expect.poll(() => columns.state, { timeout: 20_000 }).toBe('running')
      await sleep(Math.random() * 100)
      killChild(columns.pid)
    }
  }
  await settled(journal)
  expect(await countRows(columns)).toEqual([TOTAL, TOTAL])
  expect(journal.health()).toEqual({ columnStore: 'running', waitingBytes: 0 })
  await close()
})

/** Ends the column store, unless it has just ended and is being started again. */
function killChild(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

test('a run that was stopped in the middle of things goes on where it was', async () => {
  const paused = pausedColumns()
  const directory = newDirectory()
  const first = await openLogJournalIn(directory, {
    limits: { sealAfterMillis: 10, segmentBytes: 200 },
    wrap: paused.wrap,
  })
  for (let index = 0; index < 20; index++)
    await first.journal.append({ group: 1, stream: 1, events: listedEvents(batch(index, 1)) })
  await first.close()
  expect(readdirSync(join(directory, 'journal')).filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(3)
  const second = await openLogJournalIn(directory)
  expect((await messagesOf(second.journal)).length).toBe(20)
  await settled(second.journal)
  expect(await countRows(second.columns)).toEqual([20, 20])
  await second.close()
})
