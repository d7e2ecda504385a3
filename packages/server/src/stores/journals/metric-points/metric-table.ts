import type { EpochMillis } from '#kernel/ids.ts'
import { type Distribution, MAX_PUBLISHED_POINTS, type MetricPoint, type StatisticSet } from '#kernel/metric-point.ts'
import { ColumnReader } from '#stores/journals/segments/column-reader.ts'
import type { Stamp } from '#stores/journals/segments/group-queue.ts'
import { OFFSET_OF, readTimestamp } from '#stores/journals/segments/row-layout.ts'
import { type RowWriter, roomFor, roomForDoubles } from '#stores/journals/segments/row-writer.ts'
import type { TableSchema } from '#stores/journals/segments/table-schema.ts'
import { type StoredMetric, storedDimensions } from './dimensions.ts'

/** Metric points are one group: `grp` and `sub` are 0, `ts` is when the point's minute or second begins. */
export const METRIC_GROUP = 0

const FEW = 'LowCardinality(String) CODEC(ZSTD(1))'
const NUMBERS = 'Array(Float64) CODEC(ZSTD(1))'

export const METRIC_TABLE: TableSchema = {
  name: 'metric_points',
  columns: [
    { name: 'account', kind: 'String', stored: FEW },
    { name: 'region', kind: 'String', stored: FEW },
    { name: 'namespace', kind: 'String', stored: FEW },
    { name: 'metric_name', kind: 'String', stored: FEW },
    { name: 'dimensions', kind: 'Array(String)', stored: 'Array(String) CODEC(ZSTD(1))' },
    { name: 'resolution', kind: 'UInt8', stored: 'UInt8 CODEC(ZSTD(1))' },
    // Sample count, sum, minimum, maximum.
    { name: 'statistics', kind: 'Array(Float64)', stored: NUMBERS },
    // Empty when it is not known, or when minimum and maximum say it.
    { name: 'sample_values', kind: 'Array(Float64)', stored: NUMBERS },
    { name: 'sample_counts', kind: 'Array(Float64)', stored: NUMBERS },
    { name: 'unit', kind: 'String', stored: FEW },
  ],
  orderBy: 'account, region, namespace, metric_name, dimensions, ts, seq',
}

/** A point as it is read back. */
export interface StoredPoint extends StoredMetric {
  readonly account: string
  readonly region: string
  readonly unit: string
  readonly timestamp: EpochMillis
  readonly statistics: StatisticSet
  readonly distribution: Distribution | undefined
}

/** @throws RangeError for points that nobody could read back */
export function checkPoints(points: readonly MetricPoint[]): void {
  if (points.length > MAX_PUBLISHED_POINTS)
    throw new RangeError(
      `${String(points.length)} points are more than the ${String(MAX_PUBLISHED_POINTS)} of a publication`,
    )
  for (const { timestamp, statistics, distribution } of points) {
    if (!Number.isSafeInteger(timestamp) || timestamp < 0)
      throw new RangeError('the time of a metric point is in whole milliseconds from 0 on')
    if (!Object.values(statistics).every(Number.isFinite)) throw new RangeError('a metric point has finite numbers')
    if (distribution !== undefined && distribution.values.length !== distribution.counts.length)
      throw new RangeError('a distribution has as many counts as values')
  }
}

/** Writes one batch. Rows of a batch are in order of time, as readers of segments need them. */
export function encodePoints(writer: RowWriter, points: readonly MetricPoint[], stamp: Stamp): void {
  writer.beginBatch(METRIC_GROUP, 0, stamp.firstSeq, stamp.ingestionTime)
  for (const point of points.toSorted((a, b) => a.timestamp - b.timestamp)) encodePoint(writer, point)
  writer.endBatch()
}

function encodePoint(writer: RowWriter, point: MetricPoint): void {
  const { account, region, namespace, metricName, unit, storageResolution = 60 } = point
  const { sampleCount, sum, minimum, maximum } = point.statistics
  const dimensions = storedDimensions(point.dimensions)
  const { values, counts } = (minimum === maximum ? undefined : point.distribution) ?? { values: [], counts: [] }
  const texts = [account, region, namespace, metricName, unit, ...dimensions]
  // One byte for the resolution, five for the number of dimensions.
  const numbers = roomForDoubles(4) + roomForDoubles(values.length) + roomForDoubles(counts.length)
  writer.beginRow(
    point.timestamp,
    texts.reduce((room, text) => room + roomFor(text), 6 + numbers),
  )
  for (const text of [account, region, namespace, metricName]) writer.string(text)
  writer.strings(dimensions)
  writer.byte(storageResolution)
  writer.doubles([sampleCount, sum, minimum, maximum])
  writer.doubles(values)
  writer.doubles(counts)
  writer.string(unit)
}

export function decodePoint(bytes: Buffer, row: number, end: number): StoredPoint {
  const columns = new ColumnReader(bytes, row + OFFSET_OF.rest, end)
  const account = columns.string()
  const region = columns.string()
  const namespace = columns.string()
  const metricName = columns.string()
  const dimensions = columns.strings()
  columns.byte()
  const [sampleCount = 0, sum = 0, minimum = 0, maximum = 0] = columns.doubles()
  const given = { values: columns.doubles(), counts: columns.doubles() }
  const same = minimum === maximum ? { values: [minimum], counts: [sampleCount] } : undefined
  return {
    account,
    region,
    namespace,
    metricName,
    dimensions,
    unit: columns.string(),
    timestamp: readTimestamp(bytes, row),
    statistics: { sampleCount, sum, minimum, maximum },
    distribution: given.values.length > 0 ? given : same,
  }
}
