import type { ApiEvent, StoredApiEvent } from '#stores/journals/api-journal.ts'
import { ColumnReader } from '#stores/journals/segments/column-reader.ts'
import type { Stamp } from '#stores/journals/segments/group-queue.ts'
import { OFFSET_OF, type RowLayout, readSeq, readTimestamp } from '#stores/journals/segments/row-layout.ts'
import { type RowWriter, roomFor } from '#stores/journals/segments/row-writer.ts'
import type { TableSchema } from '#stores/journals/segments/table-schema.ts'

/** API events are one group: `grp` and `sub` are 0, `ts` is the event's time. */
export const API_GROUP = 0

const FEW = 'LowCardinality(String) CODEC(ZSTD(1))'
const MANY = 'String CODEC(ZSTD(1))'
const LIST = 'Array(String) CODEC(ZSTD(1))'

export const API_TABLE: TableSchema = {
  name: 'api_events',
  columns: [
    { name: 'account', kind: 'String', stored: FEW },
    { name: 'region', kind: 'String', stored: FEW },
    { name: 'event_id', kind: 'String', stored: MANY },
    { name: 'event_name', kind: 'String', stored: FEW },
    { name: 'read_only', kind: 'UInt8', stored: 'UInt8' },
    { name: 'username', kind: 'String', stored: MANY },
    { name: 'access_key_id', kind: 'String', stored: MANY },
    { name: 'event_source', kind: 'String', stored: FEW },
    { name: 'resource_types', kind: 'Array(String)', stored: LIST },
    { name: 'resource_names', kind: 'Array(String)', stored: LIST },
    { name: 'record', kind: 'String', stored: MANY },
  ],
  orderBy: 'account, region, ts, seq',
}

const DATA = 'data/'

/** The value of the column `account`: data events lie apart, so that event history never walks over them. */
const ledgerOf = ({ account, category }: ApiEvent): string => (category === 'Data' ? dataLedger(account) : account)

/** Where an account's data events lie. */
export const dataLedger = (account: string): string => `${DATA}${account}`

/** @throws RangeError when the event's time is not in whole milliseconds from 0 on */
export function checkEvent({ eventTime }: ApiEvent): void {
  if (!Number.isSafeInteger(eventTime) || eventTime < 0)
    throw new RangeError('the time of an API event is in whole milliseconds from 0 on')
}

export function encodeEvent(writer: RowWriter, event: ApiEvent, stamp: Stamp): void {
  const types = event.resources.map(({ type }) => type)
  const names = event.resources.map(({ name }) => name)
  const { region, eventId, eventName, username, accessKeyId, eventSource, record } = event
  const account = ledgerOf(event)
  const texts = [account, region, eventId, eventName, username, accessKeyId, eventSource, record, ...types, ...names]
  writer.beginBatch(API_GROUP, 0, stamp.firstSeq, stamp.ingestionTime)
  // One byte for the flag, five for the length of each list.
  writer.beginRow(
    event.eventTime,
    texts.reduce((room, text) => room + roomFor(text), 11),
  )
  for (const text of [account, region, eventId, eventName]) writer.string(text)
  writer.byte(event.readOnly ? 1 : 0)
  for (const text of [username, accessKeyId, eventSource]) writer.string(text)
  writer.strings(types)
  writer.strings(names)
  writer.string(record)
  writer.endBatch()
}

export function decodeEvent(bytes: Buffer, row: number, end: number): StoredApiEvent {
  const columns = new ColumnReader(bytes, row + OFFSET_OF.rest, end)
  const [ledger, region, eventId, eventName] = [columns.string(), columns.string(), columns.string(), columns.string()]
  const readOnly = columns.byte() === 1
  const [username, accessKeyId, eventSource] = [columns.string(), columns.string(), columns.string()]
  const types = columns.strings()
  const names = columns.strings()
  const isData = ledger.startsWith(DATA)
  return {
    account: isData ? ledger.slice(DATA.length) : ledger,
    ...(isData ? { category: 'Data' as const } : {}),
    region,
    eventId,
    eventName,
    readOnly,
    username,
    accessKeyId,
    eventSource,
    resources: types.map((type, index) => ({ type, name: names[index] ?? '' })),
    record: columns.string(),
    eventTime: readTimestamp(bytes, row),
    seq: readSeq(bytes, row),
  }
}

/** Every row of a query's answer, in its order. */
export function decodeEvents(bytes: Buffer, layout: RowLayout): StoredApiEvent[] {
  const events: StoredApiEvent[] = []
  for (let row = 0; row < bytes.length;) {
    const end = layout.skip(bytes, row, bytes.length)
    events.push(decodeEvent(bytes, row, end))
    row = end
  }
  return events
}
