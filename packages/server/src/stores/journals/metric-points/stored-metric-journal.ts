import type { MetricPoint } from '#kernel/metric-point.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import type {
  MetricIdentity,
  MetricJournal,
  MetricListQuery,
  MetricPeriod,
  MetricQuery,
} from '#stores/journals/metric-journal.ts'
import type { Expiry } from '#stores/journals/segments/expiry.ts'
import { readSegments } from '#stores/journals/segments/read-segments.ts'
import type { SegmentJournal, Snapshot } from '#stores/journals/segments/segment-journal.ts'
import { rowsOf } from '#stores/journals/segments/table-schema.ts'
import { compareMetrics, dimensionsOf, metricKey, type StoredMetric, storedMetric } from './dimensions.ts'
import { isListed, metricsIn, periodsIn, selectMetrics, selectPeriods } from './metric-query.ts'
import { checkPoints, decodePoint, encodePoints, METRIC_GROUP, METRIC_TABLE, type StoredPoint } from './metric-table.ts'
import { Periods } from './periods.ts'

/** Statements of one call that are with the column store at once. */
const CONCURRENT_READS = 4

export interface StoredMetricJournalDeps {
  readonly journal: SegmentJournal
  readonly columns: ColumnStore
  readonly expiry: Expiry
}

/** Metric points in segments and in the column store, as one. */
export class StoredMetricJournal implements MetricJournal {
  readonly #deps: StoredMetricJournalDeps

  constructor(deps: StoredMetricJournalDeps) {
    this.#deps = deps
  }

  async publish(points: readonly MetricPoint[]): Promise<void> {
    checkPoints(points)
    if (points.length === 0) return
    await this.#deps.journal.append(undefined, (writer, stamp) => encodePoints(writer, points, stamp))
  }

  async statistics(
    queries: readonly MetricQuery[],
    signal: AbortSignal,
  ): Promise<readonly (readonly MetricPeriod[])[]> {
    signal.throwIfAborted()
    if (queries.length === 0) return []
    const asked = queries.map((query) => ({ query, periods: new Periods(query) }))
    const snapshot = this.#deps.journal.snapshot()
    try {
      await this.#addMemory(snapshot, asked, signal)
      await this.#deps.journal.table(signal)
      const waiting = asked.values()
      const work = async (): Promise<void> => {
        for (const { query, periods } of waiting) {
          const answer = await this.#read(
            selectPeriods(query, snapshot.watermark),
            { ...query, to: query.to - 1 },
            signal,
          )
          for (const period of periodsIn(answer, query)) periods.add(period)
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT_READS }, work))
    } finally {
      snapshot.release()
    }
    return asked.map(({ periods }) => periods.result())
  }

  /** All queries look at the segments together: each point is decoded once. */
  async #addMemory(snapshot: Snapshot, asked: readonly Asked[], signal: AbortSignal): Promise<void> {
    const byMetric = Map.groupBy(asked, ({ query }) => metricKey(storedMetric(query)))
    const from = Math.min(...asked.map(({ query }) => query.from))
    const to = Math.max(...asked.map(({ query }) => query.to))
    await this.#eachPoint(snapshot, { from, to, signal }, (point) => {
      for (const { query, periods } of byMetric.get(metricKey(point)) ?? []) {
        if (isAskedFor(point, query)) periods.add({ ...point, start: point.timestamp })
      }
    })
  }

  async list(query: MetricListQuery): Promise<readonly MetricIdentity[]> {
    query.signal.throwIfAborted()
    if (query.limit < 1) return []
    const snapshot = this.#deps.journal.snapshot()
    try {
      const memory = await this.#listMemory(snapshot, query)
      await this.#deps.journal.table(query.signal)
      const found = metricsIn(
        await this.#read(selectMetrics(query, snapshot.watermark), { from: query.since }, query.signal),
      )
      const metrics = new Map([...memory, ...found].map((metric) => [metricKey(metric), metric]))
      return [...metrics.values()]
        .toSorted(compareMetrics)
        .slice(0, query.limit)
        .map(({ namespace, metricName, dimensions }) => ({
          namespace,
          metricName,
          dimensions: dimensionsOf(dimensions),
        }))
    } finally {
      snapshot.release()
    }
  }

  async #listMemory(snapshot: Snapshot, query: MetricListQuery): Promise<readonly StoredMetric[]> {
    const metrics = new Map<string, StoredMetric>()
    const after = query.after === undefined ? undefined : storedMetric(query.after)
    await this.#eachPoint(snapshot, { from: query.since, to: Infinity, signal: query.signal }, (point) => {
      if (point.account !== query.account || point.region !== query.region || !isListed(point, query)) return
      if (after === undefined || compareMetrics(point, after) > 0) metrics.set(metricKey(point), point)
    })
    return [...metrics.values()]
  }

  async #eachPoint(
    { segments }: Snapshot,
    { from, to, signal }: { readonly from: number; readonly to: number; readonly signal: AbortSignal },
    take: (point: StoredPoint) => void,
  ): Promise<void> {
    await readSegments({
      segments,
      layout: this.#deps.journal.layout,
      group: METRIC_GROUP,
      order: 'ascending',
      signal,
      wants: (run) => run.lastTimestamp >= from && run.firstTimestamp < to,
      filterFor: () => () => true,
      take: (bytes, row, end) => {
        const point = decodePoint(bytes, row, end)
        if (point.timestamp >= from && point.timestamp < to) take(point)
        return point.timestamp < to
      },
    })
  }

  #read(
    statement: ReturnType<typeof selectPeriods>,
    range: { readonly from: number; readonly to?: number },
    signal: AbortSignal,
  ): Promise<Buffer> {
    const needs = rowsOf(METRIC_TABLE, range)
    return this.#deps.columns.read({ ...statement, format: 'JSONCompactEachRow', needs, signal })
  }

  async close(): Promise<void> {
    await this.#deps.expiry.close()
    await this.#deps.journal.close()
  }
}

interface Asked {
  readonly query: MetricQuery
  readonly periods: Periods
}

const isAskedFor = (point: StoredPoint, { account, region, from, to, unit }: MetricQuery): boolean =>
  point.account === account &&
  point.region === region &&
  point.timestamp >= from &&
  point.timestamp < to &&
  (unit === undefined || point.unit === unit)
