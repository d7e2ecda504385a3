import type { Distribution, MetricPoint } from '../../server/src/kernel/metric-point.ts'
import type {
  MetricIdentity,
  MetricJournal,
  MetricListQuery,
  MetricPeriod,
  MetricQuery,
} from '../../server/src/stores/journals/metric-journal.ts'

/** A metric journal whose content a test may look at. */
export interface MemoryMetricJournal extends MetricJournal {
  readonly points: readonly MetricPoint[]
}

/**
 * A metric journal without a disk, for tests of what stands on one. Nothing survives the process.
 * @param capacity points held; a publication that does not fit is refused whole
 */
export function memoryMetricJournal(capacity = 100_000): MemoryMetricJournal {
  const points: MetricPoint[] = []
  return {
    points,
    publish: async (published) => {
      if (points.length + published.length > capacity) throw new Error('the journal is full')
      points.push(...published)
    },
    statistics: async (queries, signal) => {
      signal.throwIfAborted()
      return queries.map((query) => periodsOf(points, query))
    },
    list: async (query) => {
      query.signal.throwIfAborted()
      const listed = points.filter((point) => isListed(point, query))
      const metrics = new Map(listed.map((point) => [orderOf(point), identityOf(point)]))
      const after = query.after === undefined ? undefined : orderOf(query.after)
      return [...metrics]
        .filter(([order]) => after === undefined || compare(order, after) > 0)
        .toSorted(([a], [b]) => compare(a, b))
        .slice(0, query.limit)
        .map(([, metric]) => metric)
    },
    close: async () => {
      points.length = 0
    },
  }
}

const byName = (dimensions: MetricIdentity['dimensions']): readonly (readonly [string, string])[] =>
  Object.entries(dimensions).toSorted(([a], [b]) => compare(a, b))

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** One text for a metric that sorts as metrics are listed: the parts end with what is less than any sign in them. */
const orderOf = ({ namespace, metricName, dimensions }: MetricIdentity): string =>
  [namespace, metricName, ...byName(dimensions).map((pair) => pair.join('\u0001'))].join('\0')

const identityOf = ({ namespace, metricName, dimensions }: MetricIdentity): MetricIdentity => ({
  namespace,
  metricName,
  dimensions: Object.fromEntries(byName(dimensions)),
})

const isListed = (point: MetricPoint, query: MetricListQuery): boolean =>
  point.account === query.account &&
  point.region === query.region &&
  point.timestamp >= query.since &&
  (query.namespace === undefined || point.namespace === query.namespace) &&
  (query.metricName === undefined || point.metricName === query.metricName) &&
  query.dimensions.every(({ name, value }) => {
    const found = point.dimensions[name]
    return found !== undefined && (value === undefined || found === value)
  })

function periodsOf(points: readonly MetricPoint[], query: MetricQuery): readonly MetricPeriod[] {
  const wanted = points.filter(
    (point) =>
      point.account === query.account &&
      point.region === query.region &&
      orderOf(point) === orderOf(query) &&
      point.timestamp >= query.from &&
      point.timestamp < query.to &&
      (query.unit === undefined || point.unit === query.unit),
  )
  const startOf = ({ timestamp }: MetricPoint): number =>
    query.from + Math.floor((timestamp - query.from) / query.period) * query.period
  const grouped = Map.groupBy(wanted, (point) => JSON.stringify([startOf(point), point.unit]))
  return [...grouped.values()]
    .flatMap((group) => group.slice(0, 1).map((first) => periodOf(startOf(first), first.unit, group, query)))
    .toSorted((a, b) => a.start - b.start || compare(a.unit, b.unit))
}

function periodOf(start: number, unit: string, points: readonly MetricPoint[], query: MetricQuery): MetricPeriod {
  const sets = points.map(({ statistics }) => statistics)
  const known = points.map(knownDistribution)
  const statistics = {
    sampleCount: sets.reduce((sum, { sampleCount }) => sum + sampleCount, 0),
    sum: sets.reduce((total, { sum }) => total + sum, 0),
    minimum: Math.min(...sets.map(({ minimum }) => minimum)),
    maximum: Math.max(...sets.map(({ maximum }) => maximum)),
  }
  if (!query.distribution || known.includes(undefined)) return { start, unit, statistics }
  const pairs = known.flatMap(
    (each) => each?.values.map((value, index) => [value, each.counts[index] ?? 0] as const) ?? [],
  )
  const values = [...new Set(pairs.map(([value]) => value))].toSorted((a, b) => a - b)
  const counts = values.map((value) => pairs.reduce((sum, [each, count]) => sum + (each === value ? count : 0), 0))
  return { start, unit, statistics, distribution: { values, counts } }
}

const knownDistribution = ({ statistics, distribution }: MetricPoint): Distribution | undefined =>
  statistics.minimum === statistics.maximum
    ? { values: [statistics.minimum], counts: [statistics.sampleCount] }
    : distribution
