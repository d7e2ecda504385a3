import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { ApiEvent, ApiEventQuery } from '#stores/journals/api-journal.ts'
import { type ColumnStore, openColumnStore } from '#stores/journals/column-store.ts'
import { SegmentJournal } from '#stores/journals/segments/segment-journal.ts'
import type { TableSchema } from '#stores/journals/segments/table-schema.ts'
import { Totals } from '#stores/journals/segments/totals.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { DAY } from '../../../../../testkit/src/journal-home.ts'
import { API_TABLE, encodeEvent } from './api-table.ts'
import { openApiJournal } from './index.ts'

/** The table as version 0.1.0 made it. */
const EARLIER: TableSchema = {
  name: API_TABLE.name,
  orderBy: API_TABLE.orderBy,
  columns: API_TABLE.columns.map((column) => ({
    ...column,
    stored: ['record', 'username', 'access_key_id'].includes(column.name) ? 'String CODEC(ZSTD(1))' : column.stored,
  })),
}
const event = (days: number, changed: Partial<ApiEvent> = {}): ApiEvent => ({
  account: '111122223333',
  region: 'us-east-1',
  eventTime: TODAY - days * DAY,
  eventId: `event-${String(days)}`,
  eventName: 'CreateBroker',
  readOnly: days % 2 === 0,
  username: 'alice',
  accessKeyId: 'AKIAEXAMPLE',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [{ type: 'AWS::AmazonMQ::Broker', name: `broker-${String(days)}` }],
  record: `{"days":${String(days)}}`,
  ...changed,
})
const INSERTED = [
  event(80),
  event(31, { resources: [] }),
  event(1),
  event(0, { username: '', record: '{"x":"日本語"}' }),
]
const DATA = event(2, { category: 'Data' })
const WAITING = event(0, { eventId: 'waiting' })

const directory = mkdtempSync(join(tmpdir(), 'earlier-'))
let records: RecordStore
let columns: ColumnStore
const options = () => ({
  directory: join(directory, 'journal'),
  records,
  columns,
  clock: settableClock(TODAY),
  telemetry: silentTelemetry,
})

/** As version 0.1.0 did it. */
const openEarlier = (sealAfterMillis: number): Promise<SegmentJournal> => {
  const totals = new Totals(records, EARLIER.name)
  return SegmentJournal.open({
    ...options(),
    table: EARLIER,
    limits: { sealAfterMillis },
    commit: async (segment, state) => {
      await records.commit([state, ...(await totals.changesFor(segment, { group: () => false, stream: () => true }))])
    },
  })
}
const ask = async (sql: string): Promise<string> =>
  (await columns.read({ sql, format: 'JSONCompactEachRow', signal: AbortSignal.timeout(30_000) })).toString()

beforeAll(async () => {
  records = openSqliteRecords({ file: join(directory, 'records.db') })
  columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry: silentTelemetry })
  const earlier = await openEarlier(10)
  for (const each of [...INSERTED, DATA])
    await earlier.append(undefined, (writer, stamp) => encodeEvent(writer, each, stamp))
  await earlier.sealNow()
  await earlier.insertedThrough(earlier.nextSeq, AbortSignal.timeout(30_000))
  await earlier.close()
  // A copy that did not come to its end.
  await columns.command(`CREATE TABLE ${API_TABLE.name}_copy (n UInt8) ENGINE = MergeTree ORDER BY n`)
})
afterAll(async () => {
  await columns.close()
  await records.close()
  rmSync(directory, { recursive: true, force: true })
})

test('events that an earlier version stored are found by every attribute, and new ones beside them', async () => {
  expect(await ask(`SELECT toUInt32(uniqExact(_partition_id)) FROM ${API_TABLE.name}`)).toBe('[5]\n')
  const journal = await openApiJournal(options())
  const query = (changed: Partial<ApiEventQuery>) =>
    journal.query({
      account: '111122223333',
      region: 'us-east-1',
      from: 0,
      to: TODAY * 2,
      limit: 50,
      signal: AbortSignal.timeout(30_000),
      ...changed,
    })
  await journal.append(WAITING)
  const stored = [INSERTED[3], INSERTED[2], INSERTED[1], INSERTED[0]]
  const found = await query({})
  expect(found.map(({ seq: _seq, ...rest }) => rest)).toEqual([WAITING, ...stored])
  expect((await query({ filter: { by: 'eventId', value: 'event-80' } })).map(({ eventId }) => eventId)).toEqual([
    'event-80',
  ])
  expect((await query({ filter: { by: 'resourceName', value: 'broker-80' } })).length).toBe(1)
  const tail = await journal.tail({ account: '111122223333', after: 0, limit: 10, signal: AbortSignal.timeout(30_000) })
  expect(tail.map(({ eventId, category }) => [eventId, category])).toEqual(
    [...INSERTED, DATA, WAITING].map(({ eventId, category }) => [eventId, category]),
  )
  await journal.close()
  expect(await ask(`SELECT name, partition_key FROM system.tables WHERE name LIKE '${API_TABLE.name}%'`)).toBe(
    '["api_events", "intDiv(ts, 864000000)"]\n',
  )
})

test('the earlier version refuses what it could not read', async () => {
  expect(readFileSync(join(directory, 'journal', 'version'), 'utf8')).toBe('2\n')
  await expect(openEarlier(10)).rejects.toThrow('newer version')
})
