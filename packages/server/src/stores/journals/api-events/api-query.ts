import type {
  ApiEventFilter,
  ApiEventKey,
  ApiEventQuery,
  ApiTailQuery,
  StoredApiEvent,
} from '#stores/journals/api-journal.ts'
import { type BoundStatement, number } from '#stores/journals/segments/sql.ts'
import type { TimeRange } from '#stores/journals/segments/windows.ts'
import { ANSWER, API_TABLE, ATTRIBUTES, dataLedger } from './api-table.ts'

const COLUMN_OF = {
  eventId: 'event_id',
  eventName: 'event_name',
  username: 'username',
  accessKeyId: 'access_key_id',
  eventSource: 'event_source',
} as const

/** Indexes rule parts out before any of them is opened. */
const INDEXES_FIRST = 'use_skip_indexes_on_data_read = 0'
/** Reading in order ends early where much is found, and goes through the parts row by row where little is. */
const NOT_IN_ORDER = 'optimize_read_in_order = 0'

/** The statement for one window of a query; `isFirst` when newer events were not looked for. Texts are bound parameters. */
export function selectApiEvents(
  query: ApiEventQuery,
  window: TimeRange,
  watermark: number,
  limit: number,
  isFirst: boolean,
): BoundStatement {
  const parameters: Record<string, string> = { account: query.account, region: query.region }
  const conditions = [
    'account = {account:String}',
    'region = {region:String}',
    `ts >= ${number(window.from)}`,
    `ts <= ${number(window.to)}`,
    // The sum keeps the index on seq out of it, which could rule out nothing.
    `seq + 0 < ${number(watermark)}`,
  ]
  const { before, filter } = query
  if (before !== undefined) {
    conditions.push(
      `(ts < ${number(before.eventTime)} OR (ts = ${number(before.eventTime)} AND seq < ${number(before.seq)}))`,
    )
  }
  if (filter !== undefined) conditions.push(conditionOf(filter, parameters))
  const sql = `SELECT ${ANSWER} FROM ${API_TABLE.name} WHERE ${conditions.join(' AND ')} ORDER BY ts DESC, seq DESC LIMIT ${number(limit)}`
  const isRare = filter !== undefined && !isFirst
  return { sql, parameters, settings: isRare ? `${INDEXES_FIRST}, ${NOT_IN_ORDER}` : INDEXES_FIRST }
}

/** The statement for what comes next of an account; the index on `seq` finds it. */
export function selectTail({ account, after, limit }: ApiTailQuery, watermark: number): BoundStatement {
  const sql = `SELECT ${ANSWER} FROM ${API_TABLE.name} WHERE account IN ({account:String}, {data:String}) AND seq > ${number(after)} AND seq < ${number(watermark)} ORDER BY seq LIMIT ${number(limit)}`
  return { sql, parameters: { account, data: dataLedger(account) } }
}

function conditionOf(filter: ApiEventFilter, parameters: Record<string, string>): string {
  if (filter.by === 'readOnly') return `read_only = ${filter.value ? '1' : '0'}`
  parameters['value'] = filter.value
  return `indexHint(has(${ATTRIBUTES}, {value:String})) AND ${testOf(filter.by)}`
}

function testOf(by: Exclude<ApiEventFilter['by'], 'readOnly'>): string {
  if (by === 'resourceName') return 'has(resource_names, {value:String})'
  if (by === 'resourceType') return 'has(resource_types, {value:String})'
  return `${COLUMN_OF[by]} = {value:String}`
}

/** The same test on an event that is not in the column store yet. */
export function isWanted(event: StoredApiEvent, { account, region, from, to, before, filter }: ApiEventQuery): boolean {
  if (event.category === 'Data') return false
  if (event.account !== account || event.region !== region || event.eventTime < from || event.eventTime > to)
    return false
  if (before !== undefined && !comesAfter(before, event)) return false
  return filter === undefined || fits(event, filter)
}

function fits(event: StoredApiEvent, filter: ApiEventFilter): boolean {
  if (filter.by === 'resourceName') return event.resources.some(({ name }) => name === filter.value)
  if (filter.by === 'resourceType') return event.resources.some(({ type }) => type === filter.value)
  return event[filter.by] === filter.value
}

/** Whether `a` is later than `b`. */
export const comesAfter = (a: ApiEventKey, b: ApiEventKey): boolean =>
  a.eventTime > b.eventTime || (a.eventTime === b.eventTime && a.seq > b.seq)
