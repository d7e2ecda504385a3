import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'
import { RowLayout } from '#stores/journals/segments/row-layout.ts'
import { RowWriter } from '#stores/journals/segments/row-writer.ts'
import { SlabPool } from '#stores/journals/segments/slab.ts'
import { DAY_MILLIS } from '#stores/journals/segments/table-schema.ts'
import { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { type ScriptedColumns, scriptedColumns } from '../../../../../testkit/src/scripted-columns.ts'
import { encodeBatch, LOG_TABLE } from './log-table.ts'
import type { Page } from './page.ts'
import { readColumns } from './read-columns.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const layout = new RowLayout(LOG_TABLE)
const DAYS = 100
const nothing: Page = { events: [], full: false }
let directory = ''
let records: RecordStore
let columns: ScriptedColumns
let totals: Totals
let settingsAsked: (string | undefined)[]
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'read-columns-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
  columns = scriptedColumns()
  settingsAsked = []
  columns.answer = ({ settings }) => {
    settingsAsked.push(settings)
    return Buffer.alloc(0)
  }
  totals = new Totals(records, LOG_TABLE.name)
  const value = { events: 1_000, bytes: 126_000, first: 0, last: DAYS * DAY_MILLIS, through: 0 }
  const times = { first: 40 * DAY_MILLIS, last: 41 * DAY_MILLIS, ingestion: 0 }
  await records.commit([
    { kind: 'put', key: totals.groupKey(1), value },
    { kind: 'put', key: totals.streamKey(1, 7), value: times },
  ])
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

const read = (query: Partial<LogQuery>, memory = nothing): Promise<readonly StoredLogEvent[]> =>
  readColumns(
    { columns, layout, totals, table: async () => {} },
    { group: 1, order: 'descending', limit: 100, signal: new AbortController().signal, ...query },
    999,
    memory,
    [],
  )
const rangesAsked = (): (readonly number[])[] =>
  columns.statements.map((sql) => [...sql.matchAll(/ts [<>]= (\d+)/g)].map(([, digits]) => Number(digits) / DAY_MILLIS))
const withEvents = (events: number): Promise<unknown> =>
  records.commit([
    {
      kind: 'put',
      key: totals.groupKey(1),
      value: { events, bytes: events * 126, first: 0, last: DAYS * DAY_MILLIS, through: 0 },
    },
  ])
const limitsAsked = (): number[] => columns.statements.map((sql) => Number(/LIMIT (\d+)/.exec(sql)?.[1]))
const rows = (count: number, timestamp: number, message = 'm'): Buffer => {
  const writer = new RowWriter(new SlabPool(), layout.columns)
  writer.startAt(0)
  encodeBatch(
    writer,
    { group: 1, stream: 1, events: listedEvents(Array.from({ length: count }, () => ({ timestamp, message }))) },
    { firstSeq: 0, ingestionTime: 0 },
  )
  return Buffer.concat(writer.take().pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)))
}
const event = (timestamp: number): StoredLogEvent => ({
  group: 1,
  stream: 1,
  timestamp,
  seq: 5,
  ingestionTime: 0,
  message: 'm',
})

test('newest first, a full page is found in the last days and the others are left alone', async () => {
  columns.answer = () => rows(100, DAYS * DAY_MILLIS)
  expect(await read({})).toHaveLength(100)
  expect(rangesAsked()).toEqual([[DAYS - 1, DAYS]])
})

test('windows widen backwards until the first event', async () => {
  await read({})
  const asked = rangesAsked()
  expect(asked.length).toBeLessThan(6)
  expect(asked[0]?.[0]).toBe(DAYS - 1)
  expect(asked.at(-1)?.[0]).toBe(0)
})

test('a page of a busy group is looked for in the time that holds twenty times its events, and then in days', async () => {
  await withEvents(50_000_000)
  await read({ limit: 5_000 })
  const stretch = (5_000 * 20) / 50_000_000
  const [first, second, ...others] = rangesAsked()
  expect(first?.[0]).toBeCloseTo(DAYS * (1 - stretch))
  expect([first?.[1], second?.[0], others.length > 0]).toEqual([DAYS, DAYS - 2, true])
})

test('what is searched for is looked for in days at once', async () => {
  await withEvents(50_000_000)
  await read({ containing: { include: ['rare'], exclude: [], any: [] } })
  expect(rangesAsked()[0]).toEqual([DAYS - 1, DAYS])
})

test('only where there is little to look through, one thread does it, and a search is planned the older way', async () => {
  const containing = { include: ['x'], exclude: [], any: [] }
  await read({})
  await read({ containing })
  await withEvents(50_000_000)
  await read({ containing })
  const [few, searched, many] = [
    'max_threads = 1, use_skip_indexes = 0',
    'max_threads = 1, use_skip_indexes = 0, enable_analyzer = 0',
    undefined,
  ]
  expect(settingsAsked[0]).toBe(few)
  expect(settingsAsked).toContain(searched)
  expect(settingsAsked.at(-1)).toBe(many)
})

test('what was found too seldom to fill the page is looked for in any order, unless that might be very much', async () => {
  const search = { limit: 100, containing: { include: ['x'], exclude: [], any: [] } }
  const inAnyOrder = (): readonly boolean[] =>
    settingsAsked.map((settings) => settings?.includes('optimize_read_in_order = 0') === true)
  await withEvents(7_000_000)
  await read(search)
  // 140,000 events in the first two days, 560,000 in the next eight, two million and more in each window after them.
  expect(inAnyOrder()).toEqual([false, true, false, false])
  settingsAsked = []
  columns.answer = ({ settings }) => {
    settingsAsked.push(settings)
    return rows(40, 0)
  }
  await read(search)
  expect(inAnyOrder()).toEqual([false, false, false])
})

test('what lies outside the stored times is not asked for at all', async () => {
  expect(await read({ from: DAYS * DAY_MILLIS + 1 })).toEqual([])
  expect(await read({ to: 0 })).toEqual([])
  expect(await read({ group: 2 })).toEqual([])
  expect(await read({ streams: [8] })).toEqual([])
  expect(columns.statements).toEqual([])
})

test('a stream is looked for in its own times only', async () => {
  await read({ streams: [7, 8] })
  expect(rangesAsked()).toEqual([[40, 41]])
})

test('when memory fills the page, only what could still be on it is asked for', async () => {
  const full: Page = { events: [event(DAYS * DAY_MILLIS), event(DAYS * DAY_MILLIS - 10)], full: true }
  await read({ limit: 2 }, full)
  expect(columns.statements).toHaveLength(1)
  expect(columns.statements[0]).toContain(`ts >= ${String(DAYS * DAY_MILLIS - 10)}`)
  columns.statements.splice(0)
  await read({ limit: 2 }, { events: [event(DAYS * DAY_MILLIS + 50), event(DAYS * DAY_MILLIS + 40)], full: true })
  expect(columns.statements).toEqual([])
})

test('rows are fetched by what fits a page in bytes, and more of them when they are smaller than on average', async () => {
  let calls = 0
  columns.answer = (query) => {
    calls += 1
    const limit = Number(/LIMIT (\d+)/.exec(query.sql)?.[1])
    return calls < 4 ? rows(limit, DAYS * DAY_MILLIS - calls, 'x'.repeat(10)) : rows(0, 0)
  }
  const found = await read({ limit: 10_000, maxBytes: 5_000 })
  const [first, second] = limitsAsked()
  // The group's messages have 100 bytes on average: fifty of them, a fifth more, and some to spare.
  expect(first).toBe(5_000 / 100 + 10 + 50)
  expect(second).toBeLessThan(first ?? 0)
  expect(columns.statements[1]).toContain(`(ts < ${String(DAYS * DAY_MILLIS - 1)} OR`)
  expect(found).toHaveLength(first === undefined || second === undefined ? 0 : first + second + (limitsAsked()[2] ?? 0))
})
