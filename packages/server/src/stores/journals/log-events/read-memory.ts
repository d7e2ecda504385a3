import type { EventKey, LogQuery } from '#stores/journals/log-journal.ts'
import { readSegments } from '#stores/journals/segments/read-segments.ts'
import type { RowLayout } from '#stores/journals/segments/row-layout.ts'
import { readSeq, readTimestamp } from '#stores/journals/segments/row-layout.ts'
import type { RowFilter } from '#stores/journals/segments/run-cursor.ts'
import type { Run } from '#stores/journals/segments/run.ts'
import type { Snapshot } from '#stores/journals/segments/segment-journal.ts'
import { hasLiterals, messageTests } from './containing.ts'
import { decodeEvent, messageStart } from './log-table.ts'
import { PageCollector, type Page } from './page.ts'

/** The page of a query as far as its events are not in the column store yet. */
export async function readMemory(
  snapshot: Snapshot,
  layout: RowLayout,
  query: LogQuery,
  hiddenStreams: ReadonlySet<number>,
): Promise<Page> {
  const page = new PageCollector(query)
  if (page.full) return page
  const streams = query.streams === undefined ? undefined : new Set(query.streams)
  const { from = -Infinity, to = Infinity, after, before } = query
  const lowest = Math.max(from, after?.timestamp ?? -Infinity)
  const highest = Math.min(to - 1, before?.timestamp ?? Infinity)
  const test =
    query.containing !== undefined && hasLiterals(query.containing) ? messageTests(query.containing) : undefined
  await readSegments({
    segments: snapshot.segments,
    layout,
    group: query.group,
    order: query.order,
    signal: query.signal,
    wants: (run) =>
      run.lastTimestamp >= lowest &&
      run.firstTimestamp <= highest &&
      (streams === undefined || streams.has(run.sub)) &&
      !hiddenStreams.has(run.sub),
    filterFor: (bytes, run) => {
      const accept = test?.(bytes, run.end) ?? everyRow
      return isWhollyWithin(run, lowest, highest, after, before)
        ? accept
        : withinKeys(accept, lowest, highest, after, before)
    },
    take: (bytes, row, end) => {
      page.add(decodeEvent(bytes, row, end), end - messageStart(bytes, row, end))
      return !page.full
    },
  })
  return page
}

const everyRow: RowFilter = () => true

/** Most runs lie within the range asked for, and their rows need no test of it. */
const isWhollyWithin = (run: Run, lowest: number, highest: number, after?: EventKey, before?: EventKey): boolean =>
  run.firstTimestamp >= lowest &&
  run.lastTimestamp <= highest &&
  (after === undefined || run.firstTimestamp > after.timestamp) &&
  (before === undefined || run.lastTimestamp < before.timestamp)

function withinKeys(
  accept: RowFilter,
  lowest: number,
  highest: number,
  after?: EventKey,
  before?: EventKey,
): RowFilter {
  return (bytes, row, end) => {
    const timestamp = readTimestamp(bytes, row)
    if (timestamp < lowest || timestamp > highest) return false
    if (timestamp === after?.timestamp && readSeq(bytes, row) <= after.seq) return false
    if (timestamp === before?.timestamp && readSeq(bytes, row) >= before.seq) return false
    return accept(bytes, row, end)
  }
}
