import type { LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { RowLayout } from '#stores/journals/segments/row-layout.ts'
import {
  EVENT_OVERHEAD_BYTES,
  type GroupTotals,
  type StreamTotals,
  type Totals,
} from '#stores/journals/segments/totals.ts'
import { hasLiterals } from './containing.ts'
import { decodeEvents, LOG_TABLE } from './log-table.ts'
import { MAX_RESULT_BYTES, PageCollector, type Page } from './page.ts'
import { rowsOf } from '#stores/journals/segments/table-schema.ts'
import { type TimeRange, windows } from '#stores/journals/segments/windows.ts'
import { eventsWithin, millisHolding } from './rate.ts'
import { selectEvents } from './select-events.ts'

/** Beyond it, asking the records for every stream costs more than it saves. */
const MAX_STREAMS_LOOKED_UP = 200
/** What the engine reads of a part at once, twice: to look through fewer would cost as much. */
const EVENTS_LOOKED_THROUGH = 16_384
/** A page of a stream is looked for among so many times its events of the whole group before whole days are. */
const SHARE_OF_STREAM = 20
/** Up to so many events, a second thread and a plan that fetches columns late cost more than they save. */
const FEW_EVENTS = 65_536
/** Up to so many are looked through in any order where little is expected: if more is found after all, that costs a tenth of a second. */
const EVENTS_IN_ANY_ORDER = 1_000_000
/** Rows fetched beyond an estimate by size, so that it seldom takes a second statement. */
const SPARE_ROWS = 50

export interface ReadColumnsDeps {
  readonly columns: ColumnStore
  readonly layout: RowLayout
  readonly totals: Totals
  /** Resolves when the table is there. */
  readonly table: (signal: AbortSignal) => Promise<void>
}

/** The page of a query as far as its events are in the column store; memory has everything from `watermark` on. */
export async function readColumns(
  deps: ReadColumnsDeps,
  query: LogQuery,
  watermark: number,
  memory: Page,
  hiddenStreams: readonly number[],
): Promise<readonly StoredLogEvent[]> {
  const page = new PageCollector(query)
  const totals = await deps.totals.inserted(query.group)
  if (totals === undefined || page.full) return []
  const stored = await storedRange(deps.totals, query, totals)
  const range = stored && rangeOf(boundedBy(query, memory), stored)
  if (range === undefined) return []
  await deps.table(query.signal)
  let passed = 0
  for (const window of windows(range, query.order, undefined, firstMillis(query, totals))) {
    const events = eventsWithin(totals, window)
    const isRare = passed > 0 && (page.events.length / passed) * events < rowsMissing(page, totals)
    const rare = isSearch(query) && isRare && events <= EVENTS_IN_ANY_ORDER
    await readWindow(deps, { query, window, watermark, hiddenStreams, page, totals, few: events <= FEW_EVENTS, rare })
    if (page.full) break
    passed += events
  }
  return page.events
}

interface WindowRead {
  readonly query: LogQuery
  readonly window: TimeRange
  readonly watermark: number
  readonly hiddenStreams: readonly number[]
  readonly page: PageCollector
  readonly totals: GroupTotals
  /** There is little to look through. */
  readonly few: boolean
  /** By what was found before, this window will not fill the page. */
  readonly rare: boolean
}

const isSearch = ({ containing }: LogQuery): boolean => containing !== undefined && hasLiterals(containing)

/** The stretch of time that most likely holds the page; days are looked through for what is searched for. */
const firstMillis = (query: LogQuery, totals: GroupTotals): number =>
  isSearch(query) ? Infinity : millisHolding(totals, Math.max(EVENTS_LOOKED_THROUGH, query.limit * SHARE_OF_STREAM))

async function readWindow(
  deps: ReadColumnsDeps,
  { query, window, watermark, hiddenStreams, page, totals, few, rare }: WindowRead,
): Promise<void> {
  const { group, streams, order, after, before, signal } = query
  const containing = isSearch(query) ? query.containing : undefined
  for (;;) {
    const limit = rowsMissing(page, totals)
    const last = page.events.at(-1)
    const statement = selectEvents({
      group,
      hiddenStreams,
      range: window,
      watermark,
      order,
      limit,
      ...(streams === undefined ? {} : { streams }),
      ...optional('after', order === 'ascending' ? (last ?? after) : after),
      ...optional('before', order === 'descending' ? (last ?? before) : before),
      ...optional('containing', containing),
      few,
      rare,
    })
    const needs = rowsOf(LOG_TABLE, window)
    const bytes = await deps.columns.read({ ...statement, format: 'RowBinary', needs, signal })
    const rows = decodeEvents(bytes, deps.layout)
    for (const { event, textBytes } of rows) {
      if (page.full) return
      page.add(event, textBytes)
    }
    if (rows.length < limit || page.full) return
  }
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V }

const averageBytes = ({ bytes, events }: GroupTotals): number =>
  events > 0 ? Math.max(1, bytes / events - EVENT_OVERHEAD_BYTES) : 1

/** Rows that fill the page, by the average size of the group's messages. */
const rowsMissing = (page: PageCollector, totals: GroupTotals): number =>
  Math.min(page.missing, rowsFor(Math.min(page.missingBytes, MAX_RESULT_BYTES / 4), averageBytes(totals)))

const rowsFor = (bytes: number, average: number): number => Math.ceil((bytes / average) * 1.2) + SPARE_ROWS

/** When memory alone fills a page, only what lies before its last event can still belong on it. */
function boundedBy(query: LogQuery, { events, full }: Page): LogQuery {
  const last = full ? events.at(-1) : undefined
  if (last === undefined) return query
  return query.order === 'ascending'
    ? { ...query, to: Math.min(query.to ?? Infinity, last.timestamp + 1) }
    : { ...query, from: Math.max(query.from ?? 0, last.timestamp) }
}

function rangeOf(query: LogQuery, stored: TimeRange): TimeRange | undefined {
  const from = Math.max(stored.from, query.from ?? 0, query.after?.timestamp ?? 0)
  const to = Math.min(stored.to, (query.to ?? Infinity) - 1, query.before?.timestamp ?? Infinity)
  return from <= to ? { from, to } : undefined
}

/** First and last times of what is in the column store, of the streams asked for when they are few. */
async function storedRange(
  totals: Totals,
  { group, streams }: LogQuery,
  { first, last }: GroupTotals,
): Promise<TimeRange | undefined> {
  if (streams === undefined || streams.length > MAX_STREAMS_LOOKED_UP) return { from: first, to: last }
  const found = (await Promise.all(streams.map((stream) => totals.insertedStream(group, stream)))).filter(
    (times): times is StreamTotals => times !== undefined,
  )
  if (found.length === 0) return undefined
  return { from: Math.min(...found.map((times) => times.first)), to: Math.max(...found.map((times) => times.last)) }
}
