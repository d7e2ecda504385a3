import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { type ColumnStore, openColumnStore } from '#stores/journals/column-store.ts'
import { createTable } from '#stores/journals/segments/table-schema.ts'
import { LOG_TABLE } from './log-table.ts'
import { type EventSelection, selectEvents } from './select-events.ts'

const root = mkdtempSync(join(tmpdir(), 'select-events-'))
const EVENTS = 60_000
const HOUR = 3_600_000
let columns: ColumnStore

beforeAll(async () => {
  columns = await openColumnStore({ directory: join(root, 'clickhouse'), telemetry: silentTelemetry })
  await columns.command(createTable(LOG_TABLE))
  // Two groups, three streams, five days; some events share their time, and none its seq.
  await columns.command(
    `INSERT INTO ${LOG_TABLE.name} SELECT 1 + number % 2, number % 3, intDiv(number, 4) * 4 * 7200, number, 5, concat('message ', toString(number % 1000)) FROM numbers(${String(EVENTS)})`,
  )
})

afterAll(async () => {
  await columns.close()
  rmSync(root, { recursive: true, force: true })
})

const ask = (selection: EventSelection): Promise<Buffer> =>
  columns.read({ ...selectEvents(selection), format: 'RowBinary', signal: AbortSignal.timeout(30_000) })

test('however a statement is carried out, its answer is the same', async () => {
  const literal = fc.constantFrom('message', '7', '99', '123', 'none')
  const time = fc.integer({ min: 0, max: EVENTS * 7_200 })
  const selection = fc.record({
    group: fc.constantFrom(1, 2),
    hiddenStreams: fc.constantFrom<readonly number[]>([], [1]),
    range: fc.tuple(time, time).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + HOUR })),
    watermark: fc.constantFrom(EVENTS, EVENTS / 2),
    order: fc.constantFrom<EventSelection['order']>('ascending', 'descending'),
    limit: fc.constantFrom(1, 50, 10_000),
    containing: fc.record({
      include: fc.array(literal, { minLength: 1, maxLength: 2 }),
      exclude: fc.array(literal, { maxLength: 1 }),
      any: fc.array(literal, { maxLength: 2 }),
    }),
  })
  let found = 0
  await fc.assert(
    fc.asyncProperty(selection, async (selected) => {
      const plain = await ask(selected)
      found += plain.length
      expect((await ask({ ...selected, few: true })).equals(plain)).toBe(true)
      expect((await ask({ ...selected, rare: true })).equals(plain)).toBe(true)
    }),
    { numRuns: 60 },
  )
  expect(found).toBeGreaterThan(0)
})
