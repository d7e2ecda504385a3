import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPersistedClock } from '#stores/records/persisted-clock.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

let directory: string
let records: RecordStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'clock-'))
  records = openSqliteRecords({ file: join(directory, 'records.db') })
})
afterEach(async () => {
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

test('a new platform lives in real time', async () => {
  const clock = await openPersistedClock(records)
  expect(clock.offset).toBe(0)
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000)
})

test('what was moved forward stays forward after a restart', async () => {
  const clock = await openPersistedClock(records)
  expect(await clock.advance(86_400_000)).toBe(86_400_000)
  expect(await clock.advance(1)).toBe(86_400_001)
  await records.close()
  records = openSqliteRecords({ file: join(directory, 'records.db') })
  const again = await openPersistedClock(records)
  expect(again.offset).toBe(86_400_001)
  expect(again.now() - Date.now()).toBeGreaterThan(86_399_000)
})

test('a step backward is refused and leaves nothing on disk', async () => {
  const clock = await openPersistedClock(records)
  await clock.advance(10)
  await expect(clock.advance(-5)).rejects.toThrow('the clock only moves forward')
  expect(clock.offset).toBe(10)
  expect((await openPersistedClock(records)).offset).toBe(10)
})

test('steps that are taken at once all count, now and after a restart', async () => {
  const clock = await openPersistedClock(records)
  await Promise.all([clock.advance(1_000), clock.advance(200), clock.advance(30)])
  expect(clock.offset).toBe(1_230)
  expect((await openPersistedClock(records)).offset).toBe(1_230)
})
