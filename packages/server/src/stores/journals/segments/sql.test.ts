import { expect, test } from 'vitest'
import { insertMissing, insertOnce } from './insert-statements.ts'
import { Mutex } from './mutex.ts'
import { number, partitionsIn } from './sql.ts'
import { columnNames, createTable, structureOf, type TableSchema } from './table-schema.ts'

const table: TableSchema = {
  name: 't',
  orderBy: 'grp, ts, seq',
  columns: [{ name: 'msg', kind: 'String', stored: 'String CODEC(ZSTD(1))' }],
}

test('only whole numbers get into a statement', () => {
  expect(number(42)).toBe('42')
  expect(number(-1)).toBe('-1')
  for (const value of [1.5, NaN, Infinity, 2 ** 60]) expect(() => number(value)).toThrow(RangeError)
})

test('names of partitions are read, anything stranger is refused', () => {
  expect(partitionsIn(Buffer.from('["20778"]\n["-1-2_a"]\n'))).toEqual(['20778', '-1-2_a'])
  expect(partitionsIn(Buffer.alloc(0))).toEqual([])
  for (const line of [`["1' OR '1"]`, '[1]', '{}']) expect(() => partitionsIn(Buffer.from(line))).toThrow('strangely')
})

test('a table keeps what it is told on the disk before a segment may go', () => {
  expect(createTable(table)).toMatch(/fsync_after_insert = 1, fsync_part_directory = 1/)
  expect(createTable(table)).toMatch(/min_rows_to_fsync_after_merge = 1/)
  expect(structureOf(table)).toBe('grp UInt32, sub UInt32, ts Int64, seq UInt64, ing Int64, msg String')
  expect(columnNames(table)).toBe('grp, sub, ts, seq, ing, msg')
})

test('marks never get into a table, and only a first insert believes in its token', () => {
  const once = insertOnce(table, `'f'`, 'token-1')
  expect(once).toContain('WHERE grp <> 4294967295')
  expect(once).toContain(`insert_deduplicate = 1, insert_deduplication_token = 'token-1'`)
  const missing = insertMissing(table, `'f'`, { firstSeq: 5, nextSeq: 9, minTimestamp: 1, maxTimestamp: 2 })
  expect(missing).toContain(
    'WHERE grp <> 4294967295 AND seq NOT IN (SELECT seq FROM t WHERE seq >= 5 AND seq < 9 AND ts >= 1 AND ts <= 2)',
  )
  expect(missing).toContain('insert_deduplicate = 0')
  expect(missing).not.toContain('token')
})

test('work under a mutex runs one after the other, also after a failure', async () => {
  const mutex = new Mutex()
  const notes: string[] = []
  const work = (name: string, fails: boolean) => async (): Promise<string> => {
    notes.push(`${name} begins`)
    await new Promise((resolve) => void setImmediate(resolve))
    notes.push(`${name} ends`)
    if (fails) throw new Error(name)
    return name
  }
  const results = await Promise.allSettled([mutex.run(work('a', true)), mutex.run(work('b', false))])
  expect(notes).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})
