import { pageBytes } from '#services/logs/events/page.ts'
import { MAX_EVENTS_SCANNED, MAX_PAGE_BYTES, SCAN_CHUNK_BYTES, SCAN_CHUNK_EVENTS } from '#services/logs/limits.ts'
import type { EventKey, LogJournal, LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'

export interface Scan<E> {
  readonly journal: LogJournal
  readonly query: Omit<LogQuery, 'limit' | 'maxBytes' | 'after' | 'before'>
  /** Where an earlier page ended. */
  readonly from?: EventKey
  /** Most events on the page. */
  readonly limit: number
  /** True when the journal's answer needs no further test, so no more is fetched than fits the page. */
  readonly exact: boolean
  /** Makes of fetched events, in their order, those that belong on the page. */
  readonly select: (events: readonly StoredLogEvent[]) => Promise<readonly E[]>
}

export interface ScannedPage<E> {
  readonly events: readonly E[]
  /** Where the next page begins (exclusive). Left out: everything was looked at. */
  readonly next?: EventKey
}

/**
 * Reads one page of a query. A page ends when it is full, in events or bytes, or when enough was looked through for one
 * call; then there may be fewer events than asked for, or none.
 */
export async function scanPage<E extends StoredLogEvent>(scan: Scan<E>): Promise<ScannedPage<E>> {
  const { query, limit, exact } = scan
  const page: E[] = []
  let bytes = 0
  let scanned = 0
  let position = scan.from
  while (scanned < MAX_EVENTS_SCANNED) {
    query.signal.throwIfAborted()
    const missing = limit - page.length + 1
    const count = exact ? missing : Math.max(missing, SCAN_CHUNK_EVENTS)
    const maxBytes = exact ? MAX_PAGE_BYTES : SCAN_CHUNK_BYTES
    const chunk = await scan.journal.query({ ...query, ...continued(query.order, position), limit: count, maxBytes })
    for (const event of await scan.select(chunk)) {
      const size = pageBytes(event.message)
      if (page.length >= limit || (bytes + size > MAX_PAGE_BYTES && page.length > 0)) return fullPage(page)
      page.push(event)
      bytes += size
    }
    scanned += chunk.length
    position = chunk.at(-1) ?? position
    if (isExhausted(chunk, count, maxBytes)) return { events: page }
  }
  return position === undefined ? { events: page } : { events: page, next: keyOf(position) }
}

const continued = (order: LogQuery['order'], position: EventKey | undefined): Pick<LogQuery, 'after' | 'before'> =>
  position === undefined ? {} : order === 'ascending' ? { after: position } : { before: position }

function fullPage<E extends EventKey>(page: readonly E[]): ScannedPage<E> {
  const last = page.at(-1)
  return last === undefined ? { events: page } : { events: page, next: keyOf(last) }
}

const keyOf = ({ timestamp, seq }: EventKey): EventKey => ({ timestamp, seq })

/** Fewer events than asked for mean the end, unless it was their size that ended the answer. */
function isExhausted(chunk: readonly StoredLogEvent[], count: number, maxBytes: number): boolean {
  if (chunk.length >= count) return false
  let bytes = 0
  for (const { message } of chunk) bytes += Buffer.byteLength(message)
  return bytes < maxBytes
}
