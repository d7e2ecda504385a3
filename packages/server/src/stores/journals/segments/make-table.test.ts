import { expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { RowsDamaged } from '#stores/journals/clickhouse/damage.ts'
import type { RowRange } from '#stores/journals/clickhouse/set-aside.ts'
import type { ColumnRead, ColumnStore } from '#stores/journals/column-store.ts'
import { makeTable } from './make-table.ts'
import type { TableSchema } from './table-schema.ts'

const table: TableSchema = {
  name: 't',
  orderBy: 'ts, seq',
  columns: [{ name: 'msg', kind: 'String', stored: 'String' }],
  partitionDays: 10,
}
const WANTED = 'intDiv(ts, 864000000)'
const EARLIER = 'intDiv(ts, 86400000)'

/** A column store that has these tables, by their partition keys, and so many rows in the table and its copy. */
function columnsWith(tables: Readonly<Record<string, string>>, counts: readonly [string, string] = ['3', '3']) {
  const commands: string[] = []
  const lines = (rows: readonly unknown[]): Buffer =>
    Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const columns = {
    command: async (sql: string) => void commands.push(sql.trim().split(' ').slice(0, 4).join(' ')),
    read: async ({ sql }: { readonly sql: string }) => {
      if (sql.includes('system.tables')) return lines(Object.entries(tables))
      return sql.includes('system.parts') ? lines([['20778'], ['20779']]) : lines([counts])
    },
  } as unknown as ColumnStore
  return { columns, commands }
}

const make = (columns: ColumnStore, signal = new AbortController().signal): Promise<void> =>
  makeTable({ table, columns, telemetry: silentTelemetry, signal })
const MAKE = 'CREATE TABLE IF NOT'

test('a table that is as it should be is left alone', async () => {
  const { columns, commands } = columnsWith({ t: WANTED })
  await make(columns)
  expect(commands).toEqual([MAKE])
})

test('a table of an earlier version changes places with a copy of it, partition by partition', async () => {
  const { columns, commands } = columnsWith({ t: EARLIER })
  await make(columns)
  const copied = Array.from({ length: 2 }, () => 'INSERT INTO t_copy (grp,')
  expect(commands).toEqual([MAKE, MAKE, ...copied, 'EXCHANGE TABLES t AND', 'DROP TABLE t_copy'])
})

test('half a copy is thrown away before it is begun anew, and so is what a copy replaced', async () => {
  const half = columnsWith({ t: EARLIER, t_copy: WANTED })
  await make(half.columns)
  expect(half.commands.slice(0, 3)).toEqual([MAKE, 'DROP TABLE t_copy', MAKE])
  const replaced = columnsWith({ t: WANTED, t_copy: EARLIER })
  await make(replaced.columns)
  expect(replaced.commands).toEqual([MAKE, 'DROP TABLE t_copy'])
})

test('a copy that lacks rows, or is cut off, never takes the place of the table', async () => {
  const short = columnsWith({ t: EARLIER }, ['3', '2'])
  await expect(make(short.columns)).rejects.toThrow('2 of 3 rows of the table t arrived in its copy')
  const cut = columnsWith({ t: EARLIER })
  await expect(make(cut.columns, AbortSignal.abort(new Error('the journal is closing')))).rejects.toThrow('closing')
  for (const { commands } of [short, cut]) expect(commands.join()).not.toMatch(/EXCHANGE|DROP/)
})

test.each(['SELECT DISTINCT partition_id', 'INSERT', 'SELECT toString'])(
  'a table of which rows turn out to be set aside is never replaced: found by %s',
  async (found) => {
    const { columns, commands } = columnsWith({ t: EARLIER })
    const refuseIf = (sql: string, needs: RowRange | undefined): void => {
      if (needs?.table === 't' && sql.startsWith(found)) throw new RowsDamaged('set aside')
    }
    const damaged = {
      ...columns,
      command: async (sql: string, needs?: RowRange) => {
        refuseIf(sql, needs)
        await columns.command(sql)
      },
      read: async (query: ColumnRead) => {
        refuseIf(query.sql, query.needs)
        return columns.read(query)
      },
    }
    await expect(make(damaged)).rejects.toThrow(RowsDamaged)
    expect(commands.join()).not.toMatch(/EXCHANGE|DROP/)
  },
)
