import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { ApiEvent, ApiEventQuery, ApiJournal, ApiTailQuery, StoredApiEvent } from '#stores/journals/api-journal.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type { Expiry } from '#stores/journals/segments/expiry.ts'
import type { Urgency } from '#stores/journals/segments/group-committer.ts'
import { readSegments } from '#stores/journals/segments/read-segments.ts'
import type { Segment } from '#stores/journals/segments/segment.ts'
import type { SegmentJournal, Snapshot } from '#stores/journals/segments/segment-journal.ts'
import { rowsOf } from '#stores/journals/segments/table-schema.ts'
import type { Totals } from '#stores/journals/segments/totals.ts'
import { FAST_GROWTH, RARE_GROWTH, windows } from '#stores/journals/segments/windows.ts'
import { comesAfter, isWanted, selectApiEvents, selectTail } from './api-query.ts'
import { API_GROUP, API_TABLE, checkEvent, decodeAnswers, decodeEvent, encodeEvent } from './api-table.ts'

const QUIET_MILLIS = 10_000

/** How the windows of a query grow. One event at most has an id; for other attributes an index rules most days out. */
function growthFor({ filter }: ApiEventQuery): number | undefined {
  if (filter === undefined) return undefined
  return filter.by === 'eventId' ? RARE_GROWTH : FAST_GROWTH
}

export interface StoredApiJournalDeps {
  readonly journal: SegmentJournal
  readonly columns: ColumnStore
  readonly totals: Totals
  readonly telemetry: Telemetry
  readonly expiry: Expiry
}

/** API events in segments and in the column store, as one. */
export class StoredApiJournal implements ApiJournal {
  readonly #deps: StoredApiJournalDeps
  #quietUntil = 0

  constructor(deps: StoredApiJournalDeps) {
    this.#deps = deps
  }

  append(event: ApiEvent): Promise<void> {
    return this.#append(event, 'now')
  }

  enqueue(event: ApiEvent): void {
    this.#append(event, 'later').catch((error: unknown) => this.#lost(event, error))
  }

  async #append(event: ApiEvent, urgency: Urgency): Promise<void> {
    checkEvent(event)
    await this.#deps.journal.append(undefined, (writer, stamp) => encodeEvent(writer, event, stamp), urgency)
  }

  /** Every loss is counted; a line is written for the first one of a while. */
  #lost({ eventId, eventName }: ApiEvent, error: unknown): void {
    const { log, meter } = this.#deps.telemetry
    meter.add('api_events_lost_total', 1)
    if (performance.now() < this.#quietUntil) return
    this.#quietUntil = performance.now() + QUIET_MILLIS
    const message = 'the record of a read could not be stored; further losses are counted in api_events_lost_total'
    log.error({ event: 'api_event_lost', eventId, eventName, reason: messageOf(error), message })
  }

  async query(query: ApiEventQuery): Promise<readonly StoredApiEvent[]> {
    query.signal.throwIfAborted()
    if (query.limit < 1) return []
    await this.#deps.journal.settled()
    const snapshot = this.#deps.journal.snapshot()
    try {
      const memory = await this.#readMemory(snapshot, query)
      const columns = await this.#readColumns(snapshot.watermark, query)
      return [...memory, ...columns].sort((a, b) => (comesAfter(a, b) ? -1 : 1)).slice(0, query.limit)
    } finally {
      snapshot.release()
    }
  }

  async tail(query: ApiTailQuery): Promise<readonly StoredApiEvent[]> {
    query.signal.throwIfAborted()
    if (query.limit < 1) return []
    const { columns, journal } = this.#deps
    await journal.settled()
    const snapshot = journal.snapshot()
    try {
      const events: StoredApiEvent[] = []
      if (query.after < snapshot.watermark - 1) {
        await journal.table(query.signal)
        const statement = selectTail(query, snapshot.watermark)
        // What comes after a seq may be of any day: who follows the journal must not step over events unawares.
        const needs = rowsOf(API_TABLE)
        const bytes = await columns.read({ ...statement, format: 'RowBinary', needs, signal: query.signal })
        events.push(...decodeAnswers(bytes))
      }
      for (const segment of snapshot.segments) {
        if (events.length >= query.limit) break
        if (segment.nextSeq > query.after + 1) events.push(...(await this.#tailOf(segment, query)))
      }
      return events.slice(0, query.limit)
    } finally {
      snapshot.release()
    }
  }

  nextSeq(): number {
    return this.#deps.journal.nextSeq
  }

  /** Segments follow each other in seq, and so do the groups of one; its rows are read by time. */
  async #tailOf(segment: Segment, { account, after, signal }: ApiTailQuery): Promise<readonly StoredApiEvent[]> {
    const events: StoredApiEvent[] = []
    await readSegments({
      segments: [segment],
      layout: this.#deps.journal.layout,
      group: API_GROUP,
      order: 'ascending',
      signal,
      wants: (run) => run.firstSeq + run.rows > after + 1,
      filterFor: () => () => true,
      take: (bytes, row, end) => {
        const event = decodeEvent(bytes, row, end)
        if (event.account === account && event.seq > after) events.push(event)
        return true
      },
    })
    return events.sort((a, b) => a.seq - b.seq)
  }

  async #readMemory({ segments }: Snapshot, query: ApiEventQuery): Promise<readonly StoredApiEvent[]> {
    const events: StoredApiEvent[] = []
    await readSegments({
      segments,
      layout: this.#deps.journal.layout,
      group: API_GROUP,
      order: 'descending',
      signal: query.signal,
      wants: (run) => run.lastTimestamp >= query.from && run.firstTimestamp <= query.to,
      filterFor: () => () => true,
      take: (bytes, row, end) => {
        const event = decodeEvent(bytes, row, end)
        if (isWanted(event, query)) events.push(event)
        return events.length < query.limit
      },
    })
    return events
  }

  async #readColumns(watermark: number, query: ApiEventQuery): Promise<readonly StoredApiEvent[]> {
    const { columns, journal, totals } = this.#deps
    const stored = await totals.inserted(API_GROUP)
    if (stored === undefined) return []
    await journal.table(query.signal)
    const range = {
      from: Math.max(query.from, stored.first),
      to: Math.min(query.to, stored.last, query.before?.eventTime ?? Infinity),
    }
    const events: StoredApiEvent[] = []
    let isFirst = true
    for (const window of windows(range, 'descending', growthFor(query))) {
      const statement = selectApiEvents(query, window, watermark, query.limit - events.length, isFirst)
      const needs = rowsOf(API_TABLE, window)
      const bytes = await columns.read({ ...statement, format: 'RowBinary', needs, signal: query.signal })
      events.push(...decodeAnswers(bytes))
      if (events.length >= query.limit) break
      isFirst = false
    }
    return events
  }

  async close(): Promise<void> {
    await this.#deps.expiry.close()
    await this.#deps.journal.close()
  }
}
