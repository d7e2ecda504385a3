import type { ApiEvent, StoredApiEvent } from '#stores/journals/api-journal.ts'
import { ColumnReader } from '#stores/journals/segments/column-reader.ts'
import type { Stamp } from '#stores/journals/segments/group-queue.ts'
import { OFFSET_OF, readInt64, readSeq, readTimestamp } from '#stores/journals/segments/row-layout.ts'
import { type RowWriter, roomFor } from '#stores/journals/segments/row-writer.ts'
import type { TableSchema } from '#stores/journals/segments/table-schema.ts'

/** API events are one group: `grp` and `sub` are 0, `ts` is the event's time. */
export const API_GROUP = 0

const FEW = 'LowCardinality(String) CODEC(ZSTD(1))'
const MANY = 'String CODEC(ZSTD(1))'
const LIST = 'Array(String) CODEC(ZSTD(1))'

/** Every attribute of an event that has many values; the index on it rules out what cannot hold a value. */
export const ATTRIBUTES =
  'arrayConcat([event_id, event_name, username, access_key_id, event_source], resource_types, resource_names)'
/** What {@link decodeAnswers} reads. */
export const ANSWER = 'ts, seq, answer'

export const API_TABLE: TableSchema = {
  name: 'api_events',
  columns: [
    { name: 'account', kind: 'String', stored: FEW },
    { name: 'region', kind: 'String', stored: FEW },
    { name: 'event_id', kind: 'String', stored: MANY },
    { name: 'event_name', kind: 'String', stored: FEW },
    { name: 'read_only', kind: 'UInt8', stored: 'UInt8' },
    { name: 'username', kind: 'String', stored: FEW },
    { name: 'access_key_id', kind: 'String', stored: FEW },
    { name: 'event_source', kind: 'String', stored: FEW },
    { name: 'resource_types', kind: 'Array(String)', stored: LIST },
    { name: 'resource_names', kind: 'Array(String)', stored: LIST },
    { name: 'record', kind: 'String', stored: 'String EPHEMERAL' },
  ],
  orderBy: 'account, region, ts, seq',
  form: 2,
  // A page is some fifty events, out of any of ninety days. The record lies beside the attributes in one column, because
  // reading a column at fifty places costs more than reading the bytes there; the other columns are for finding alone.
  derived: [
    `answer Array(String) MATERIALIZED arrayConcat([account, region, event_id, event_name, toString(read_only), username, access_key_id, event_source, record], resource_types, resource_names) CODEC(ZSTD(1))`,
    `INDEX attributes ${ATTRIBUTES} TYPE bloom_filter(0.01) GRANULARITY 1`,
  ],
  partitionDays: 10,
  // Little is read and unpacked beside the few rows that are wanted.
  settings: 'index_granularity = 512, min_compress_block_size = 4096',
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
  return {
    ...placeOf(ledger),
    region,
    eventId,
    eventName,
    readOnly,
    username,
    accessKeyId,
    eventSource,
    resources: resourcesOf(types, names),
    record: columns.string(),
    eventTime: readTimestamp(bytes, row),
    seq: readSeq(bytes, row),
  }
}

const placeOf = (ledger: string): Pick<ApiEvent, 'account' | 'category'> =>
  ledger.startsWith(DATA) ? { account: ledger.slice(DATA.length), category: 'Data' } : { account: ledger }

const resourcesOf = (types: readonly string[], names: readonly string[]): ApiEvent['resources'] =>
  types.map((type, index) => ({ type, name: names[index] ?? '' }))

/** Bytes of `ts` and `seq`. */
const KEY_BYTES = 16

/** Every event of the answer, in RowBinary, to a statement that selects {@link ANSWER}. */
export function decodeAnswers(bytes: Buffer): StoredApiEvent[] {
  const events: StoredApiEvent[] = []
  for (let row = 0; row < bytes.length;) {
    const columns = new ColumnReader(bytes, row + KEY_BYTES, bytes.length)
    const [ledger, region, eventId, eventName, readOnly, username, accessKeyId, eventSource, record, ...resources] =
      columns.strings() as [string, string, string, string, string, string, string, string, string, ...string[]]
    const count = resources.length / 2
    events.push({
      ...placeOf(ledger),
      region,
      eventId,
      eventName,
      readOnly: readOnly === '1',
      username,
      accessKeyId,
      eventSource,
      resources: resourcesOf(resources.slice(0, count), resources.slice(count)),
      record,
      eventTime: readInt64(bytes, row),
      seq: readInt64(bytes, row + KEY_BYTES / 2),
    })
    row = columns.offset
  }
  return events
}
