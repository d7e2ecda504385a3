import { type BoundStatement, number } from '#stores/journals/segments/sql.ts'
import { columnNames } from '#stores/journals/segments/table-schema.ts'
import type { TimeRange } from '#stores/journals/segments/windows.ts'
import type { EventKey, LogQuery } from '#stores/journals/log-journal.ts'
import type { Literals } from './containing.ts'
import { LOG_TABLE } from './log-table.ts'

export interface EventSelection {
  readonly group: number
  readonly streams?: readonly number[]
  /** Streams that are being deleted. */
  readonly hiddenStreams: readonly number[]
  readonly range: TimeRange
  /** Only events below this seq. */
  readonly watermark: number
  readonly after?: EventKey
  readonly before?: EventKey
  readonly containing?: Literals
  readonly order: LogQuery['order']
  readonly limit: number
  /** There is little to look through. */
  readonly few?: boolean
  /** What is searched for is expected so seldom that all will be looked through anyway. */
  readonly rare?: boolean
}

/** The index on `seq` rules out nothing when only the newest are left out. */
const WITHOUT_INDEX = 'use_skip_indexes = 0'
const FOR_LITTLE = `max_threads = 1, ${WITHOUT_INDEX}`
/** What is searched for reads the messages anyway: the engine's older planner, which takes less time, fetches whole rows at once. */
const OLDER_PLANNER = 'enable_analyzer = 0'
/** Reading in order can stop early, but keeps threads waiting for each other. */
const FOR_RARE = `optimize_read_in_order = 0, ${WITHOUT_INDEX}, ${OLDER_PLANNER}`

/** The statement for a selection. Its text holds numbers only; literals are bound parameters. */
export function selectEvents(selection: EventSelection): BoundStatement {
  const { group, streams, hiddenStreams, range, watermark, after, before, containing, order, limit } = selection
  const parameters: Record<string, string> = {}
  const conditions = [
    `grp = ${number(group)}`,
    `ts >= ${number(range.from)}`,
    `ts <= ${number(range.to)}`,
    `seq < ${number(watermark)}`,
  ]
  if (streams !== undefined) conditions.push(`sub IN (${numbers(streams)})`)
  if (hiddenStreams.length > 0) conditions.push(`sub NOT IN (${numbers(hiddenStreams)})`)
  if (after !== undefined) conditions.push(beyond(after, '>'))
  if (before !== undefined) conditions.push(beyond(before, '<'))
  if (containing !== undefined) conditions.push(...literalConditions(containing, parameters))
  const direction = order === 'ascending' ? 'ASC' : 'DESC'
  const sql = `SELECT ${columnNames(LOG_TABLE)} FROM ${LOG_TABLE.name} WHERE ${conditions.join(' AND ')} ORDER BY ts ${direction}, seq ${direction} LIMIT ${number(limit)}`
  const settings = settingsFor(selection)
  return { sql, parameters, ...(settings === undefined ? {} : { settings }) }
}

function settingsFor({ few, rare, containing }: EventSelection): string | undefined {
  if (few === true) return containing === undefined ? FOR_LITTLE : `${FOR_LITTLE}, ${OLDER_PLANNER}`
  return rare === true ? FOR_RARE : undefined
}

const beyond = ({ timestamp, seq }: EventKey, sign: '>' | '<'): string =>
  `(ts ${sign} ${number(timestamp)} OR (ts = ${number(timestamp)} AND seq ${sign} ${number(seq)}))`

function literalConditions({ include, exclude, any }: Literals, parameters: Record<string, string>): string[] {
  const occurs = (text: string): string => {
    const name = `literal${String(Object.keys(parameters).length)}`
    parameters[name] = text
    return `position(msg, {${name}:String}) > 0`
  }
  const conditions = [...include.map(occurs), ...exclude.map((text) => `NOT (${occurs(text)})`)]
  if (any.length > 0) conditions.push(`(${any.map(occurs).join(' OR ')})`)
  return conditions
}

const numbers = (values: readonly number[]): string => values.map(number).join(', ')
