import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { DAY_MILLIS, rowsOf, type TableSchema } from '#stores/journals/segments/table-schema.ts'
import { Damage, RowsDamaged } from './damage.ts'
import { MAX_SET_ASIDE } from './set-aside.ts'
import { ClickHouseError } from './statement-client.ts'

const root = mkdtempSync(join(tmpdir(), 'damage-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A row of the engine's answer; the part's directory tells its rows when they are given. */
function part(table: string, name: string, partition: string | null, rows?: number): string {
  const path = join(root, 'data', table, 'detached', name)
  if (rows !== undefined) {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'count.txt'), String(rows))
  }
  return JSON.stringify([table, name, path, partition])
}
const dayOf = (day: number): { readonly from: number; readonly to: number } => ({
  from: day * DAY_MILLIS,
  to: (day + 1) * DAY_MILLIS - 1,
})

const named = (name: string): TableSchema => ({ name, columns: [], orderBy: 'ts' })
const ALL = rowsOf(named('a'))

let answer: () => Promise<string>
let lines: LogFields[]
let damage: Damage
beforeEach(() => {
  answer = () => Promise.resolve('')
  lines = []
  const log = { ...silentTelemetry.log, warn: (fields: LogFields) => void lines.push(fields) }
  const telemetry = { ...silentTelemetry, log }
  damage = new Damage({ directory: root, telemetry, ask: async () => Buffer.from(await answer()) })
})

test('only ranges that may have rows of a part are refused', async () => {
  const parts = [part('a', 'broken_100_1_1_0', '100'), part('b', 'broken_all', null)]
  answer = () => Promise.resolve(parts.join('\n'))
  await damage.started()
  for (const range of [{}, dayOf(100), { from: dayOf(100).to }, { to: dayOf(100).from }, { from: 0, to: Infinity }])
    await expect(damage.check(rowsOf(named('a'), range))).rejects.toThrow(RowsDamaged)
  for (const range of [dayOf(99), dayOf(101), { from: dayOf(101).from }, { to: dayOf(99).to }])
    await damage.check(rowsOf(named('a'), range))
  await expect(damage.check(rowsOf(named('b'), dayOf(3)))).rejects.toThrow(RowsDamaged)
  await damage.check(rowsOf(named('c')))
})

test('a partition of ten days is refused as one', async () => {
  answer = () => Promise.resolve(part('a', 'broken_10_1_1_0', '10'))
  await damage.started()
  const table = { ...named('a'), partitionDays: 10 }
  for (const day of [100, 104, 109]) await expect(damage.check(rowsOf(table, dayOf(day)))).rejects.toThrow(RowsDamaged)
  for (const day of [10, 99, 110]) await damage.check(rowsOf(table, dayOf(day)))
})

test('each table is told once, with rows where all are known, and again when more is found', async () => {
  const first = [part('a', 'broken_1_1_1_0', '1', 7), part('a', 'broken_1_2_2_0', '1', 5), part('b', 'broken_1', '1')]
  answer = () => Promise.resolve(first.join('\n'))
  await damage.started()
  await damage.started()
  expect(lines.map(({ table, count, rows }) => [table, count, rows])).toEqual([
    ['a', 2, 12],
    ['b', 1, undefined],
  ])
  expect(damage.trouble).toBe(
    "2 damaged parts of a with 12 rows set aside in data/a/detached; a damaged part of b set aside in data/b/detached: the platform's log tells what to do",
  )
  answer = () => Promise.resolve([...first, part('b', 'broken_2', '2')].join('\n'))
  await damage.look()
  expect(lines.slice(2).map(({ table, count }) => [table, count])).toEqual([['b', 2]])
})

test('while the engine cannot tell what it set aside, no read that needs all rows is answered', async () => {
  answer = () => Promise.reject(new ClickHouseError('Code: 231. DB::Exception: Too many. (TOO_MANY)'))
  await damage.started()
  expect(damage.trouble).toContain('what was set aside cannot be told (Too many.)')
  await expect(damage.check(ALL)).rejects.toThrow(RowsDamaged)
  answer = () => Promise.resolve('')
  await damage.check(ALL)
  expect(damage.trouble).toBeUndefined()
  answer = () => Promise.reject(new Error('the connection broke'))
  await expect(damage.started()).rejects.toThrow('the connection broke')
})

test('of more parts than are held it is not known which rows they had', async () => {
  const many = Array.from({ length: MAX_SET_ASIDE + 1 }, (_, index) => part('a', `broken_${String(index)}`, '1'))
  answer = () => Promise.resolve(many.join('\n'))
  await damage.started()
  expect(damage.trouble).toContain('what was set aside cannot be told (more than 10000 parts)')
  await expect(damage.check(rowsOf(named('b')))).rejects.toThrow(RowsDamaged)
})

test('a failed read is of damaged rows when the engine says that bytes are not as they were written', async () => {
  const mismatch = new ClickHouseError('Code: 40. DB::Exception: It differs. (CHECKSUM_DOESNT_MATCH)')
  expect(damage.asTold(mismatch, ALL)).toBeInstanceOf(RowsDamaged)
  expect(damage.asTold(mismatch, ALL)).toMatchObject({ cause: mismatch })
  expect(lines).toHaveLength(1)
  expect(damage.trouble).toContain('rows of a cannot be read (CHECKSUM_DOESNT_MATCH)')
  const unknown = new ClickHouseError('Code: 60. DB::Exception: None. (UNKNOWN_TABLE)')
  expect(damage.asTold(unknown, ALL)).toBe(unknown)
  await damage.started()
  expect(damage.trouble).toBeUndefined()
})
