import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import { DAY_MILLIS } from '#stores/journals/segments/table-schema.ts'
import { openLogJournalIn, type OpenedLogJournal, settled } from '../../../../../testkit/src/journal-bench.ts'
import { TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const LIMITS = { sealAfterMillis: 20 }
const EVENTS = 20_000
let directory = ''
let opened: OpenedLogJournal

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'journal-deletion-'))
  opened = await openLogJournalIn(directory, { limits: LIMITS })
})

afterAll(async () => {
  await opened.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Text that does not shrink much, so that rows show on the disk. */
const noise = (first: number, day: number) =>
  Array.from({ length: 10_000 }, (_, index) => ({
    timestamp: TODAY + day * DAY_MILLIS + index,
    message: `${String(first + index)} ${Math.random().toString(36)}${Math.random().toString(36)}${Math.random().toString(36)}`,
  }))

const fill = async (journal: LogJournal, group: number, stream: number, day: number): Promise<void> => {
  for (let first = 0; first < EVENTS; first += 10_000)
    await journal.append({ group, stream, events: listedEvents(noise(first, day)) })
}

function bytesBelow(path: string): number {
  try {
    const entry = statSync(path)
    if (!entry.isDirectory()) return entry.size
    return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0)
  } catch {
    // A part that was just removed.
    return 0
  }
}

const storedOnDisk = (): number => bytesBelow(join(directory, 'clickhouse', 'data', 'store'))
const count = async (journal: LogJournal, group: number): Promise<number> =>
  (await journal.query({ group, order: 'ascending', limit: 100_000, signal: AbortSignal.timeout(30_000) })).length

test('deleted groups, streams and days give their bytes on the disk back, and only theirs', async () => {
  const { journal } = opened
  const empty = storedOnDisk()
  await fill(journal, 1, 1, 0)
  await settled(journal)
  const one = storedOnDisk() - empty
  expect(one).toBeGreaterThan(500_000)
  await fill(journal, 2, 1, 0)
  const kept = (await journal.storedBytes(1)) + (await journal.storedBytes(2))
  await fill(journal, 2, 2, 0)
  await fill(journal, 3, 1, -5)
  await settled(journal)
  await journal.deleteGroup(3)
  await journal.deleteStream(2, 2)
  await fill(journal, 4, 1, -3)
  await journal.append({ group: 4, stream: 1, events: listedEvents(noise(0, 0).slice(0, 10)) })
  await journal.deleteBefore(4, TODAY)
  await expect.poll(storedOnDisk, { timeout: 60_000, interval: 500 }).toBeLessThan(empty + 2.6 * one)
  expect([await count(journal, 1), await count(journal, 2), await count(journal, 3), await count(journal, 4)]).toEqual([
    EVENTS,
    EVENTS,
    0,
    10,
  ])
  await expect.poll(async () => (await journal.storedBytes(1)) + (await journal.storedBytes(2))).toBe(kept)
  expect(await journal.streamTimes(3, 1)).toBeUndefined()
  expect(await opened.records.listAll('journal.tombstone')).toEqual([])
  expect(
    (await opened.records.listAll('journal.stream')).map(({ key }) => key.id).filter((id) => id.includes('0000000003')),
  ).toEqual([])
})

test('a deletion that was interrupted hides its events after the next start, and is carried through', async () => {
  const { journal } = opened
  await fill(journal, 7, 1, 0)
  await settled(journal)
  await journal.append({ group: 7, stream: 1, events: listedEvents(noise(0, 0).slice(0, 5)) })
  await journal.deleteGroup(7)
  await opened.close()
  opened = await openLogJournalIn(directory, { limits: LIMITS })
  expect(await count(opened.journal, 7)).toBe(0)
  expect(await opened.journal.storedBytes(7)).toBe(0)
  const left = async (): Promise<string> => {
    const sql = 'SELECT count() FROM log_events WHERE grp = 7'
    return (await opened.columns.read({ sql, format: 'JSONCompactEachRow', signal: AbortSignal.timeout(10_000) }))
      .toString()
      .trim()
  }
  await expect.poll(async () => (await opened.records.listAll('journal.tombstone')).length, { timeout: 30_000 }).toBe(0)
  expect(await left()).toMatch(/^\["?0"?\]$/)
  expect(await count(opened.journal, 1)).toBe(EVENTS)
})

test('deleting the same days again and again, as a sweep does, costs nothing', async () => {
  const { journal, records } = opened
  await fill(journal, 9, 1, -2)
  await journal.append({ group: 9, stream: 1, events: listedEvents(noise(0, 0).slice(0, 10)) })
  await settled(journal)
  for (let minute = 0; minute < 5; minute++) await journal.deleteBefore(9, TODAY - DAY_MILLIS + minute * 60_000)
  expect((await records.listAll('journal.tombstone')).length).toBe(1)
  await expect.poll(async () => (await records.listAll('journal.tombstone')).length, { timeout: 30_000 }).toBe(0)
  await journal.deleteBefore(9, TODAY - DAY_MILLIS + 600_000)
  expect(await records.listAll('journal.tombstone')).toEqual([])
  expect(await count(journal, 9)).toBe(10)
})
