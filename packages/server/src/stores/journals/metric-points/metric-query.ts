import type { MetricListQuery, MetricQuery } from '#stores/journals/metric-journal.ts'
import { type BoundStatement, number } from '#stores/journals/segments/sql.ts'
import { dimensionStart, type StoredMetric, storedDimension, storedDimensions, storedMetric } from './dimensions.ts'
import { METRIC_TABLE } from './metric-table.ts'
import type { PartialPeriod } from './periods.ts'

const COUNT = 'statistics[1]'
const SUM = 'statistics[2]'
const MINIMUM = 'statistics[3]'
const MAXIMUM = 'statistics[4]'
const SAME = `(${MINIMUM} = ${MAXIMUM})`
/** Of a point: its values and counts; when all samples are the same there are no lists. */
const VALUES = `if(${SAME}, [${MINIMUM}], sample_values)`
const COUNTS = `if(${SAME}, [${COUNT}], sample_counts)`

/** Texts of a statement; every one of them is bound. */
class Texts {
  readonly parameters: Record<string, string> = {}
  #next = 0

  bind(text: string): string {
    const name = `t${String(this.#next++)}`
    this.parameters[name] = text
    return `{${name}:String}`
  }

  list(texts: readonly string[]): string {
    // The type of an empty list is not that of a list of texts.
    return texts.length === 0 ? 'emptyArrayString()' : `[${texts.map((text) => this.bind(text)).join(', ')}]`
  }
}

/** The sums of one metric's periods in the column store. */
export function selectPeriods(query: MetricQuery, watermark: number): BoundStatement {
  const texts = new Texts()
  const { from, to, period, unit } = query
  const conditions = [
    `account = ${texts.bind(query.account)}`,
    `region = ${texts.bind(query.region)}`,
    `namespace = ${texts.bind(query.namespace)}`,
    `metric_name = ${texts.bind(query.metricName)}`,
    `dimensions = ${texts.list(storedDimensions(query.dimensions))}`,
    `ts >= ${number(from)}`,
    `ts < ${number(to)}`,
    `seq < ${number(watermark)}`,
    ...(unit === undefined ? [] : [`unit = ${texts.bind(unit)}`]),
  ]
  const distribution = query.distribution
    ? `, countIf(NOT ${SAME} AND empty(sample_values)) AS unknown, sumMap(${VALUES}, ${COUNTS}) AS known`
    : ''
  const sql =
    `SELECT intDiv(ts - ${number(from)}, ${number(period)}) AS period, unit, sum(${COUNT}), sum(${SUM}), min(${MINIMUM}), max(${MAXIMUM})${distribution} ` +
    `FROM ${METRIC_TABLE.name} WHERE ${conditions.join(' AND ')} GROUP BY period, unit`
  return { sql, parameters: texts.parameters }
}

type PeriodRow = readonly [
  period: number | string,
  unit: string,
  sampleCount: number,
  sum: number,
  minimum: number,
  maximum: number,
  unknown?: number | string,
  known?: readonly [values: readonly number[], counts: readonly number[]],
]

/** The answer to {@link selectPeriods}, in JSONCompactEachRow. */
export const periodsIn = (answer: Buffer, { from, period }: MetricQuery): readonly PartialPeriod[] =>
  rowsIn<PeriodRow>(answer).map(([index, unit, sampleCount, sum, minimum, maximum, unknown, known]) => ({
    start: from + Number(index) * period,
    unit,
    statistics: { sampleCount, sum, minimum, maximum },
    distribution: known !== undefined && Number(unknown) === 0 ? { values: known[0], counts: known[1] } : undefined,
  }))

/** One page of the metrics in the column store. */
export function selectMetrics(query: MetricListQuery, watermark: number): BoundStatement {
  const texts = new Texts()
  const { namespace, metricName, after } = query
  const conditions = [
    `account = ${texts.bind(query.account)}`,
    `region = ${texts.bind(query.region)}`,
    `ts >= ${number(query.since)}`,
    `seq < ${number(watermark)}`,
    ...(namespace === undefined ? [] : [`namespace = ${texts.bind(namespace)}`]),
    ...(metricName === undefined ? [] : [`metric_name = ${texts.bind(metricName)}`]),
    ...query.dimensions.map(({ name, value }) =>
      value === undefined
        ? `arrayExists(d -> startsWith(d, ${texts.bind(dimensionStart(name))}), dimensions)`
        : `has(dimensions, ${texts.bind(storedDimension(name, value))})`,
    ),
    ...(after === undefined ? [] : [isAfter(storedMetric(after), texts)]),
  ]
  const columns = 'namespace, metric_name, dimensions'
  const sql = `SELECT DISTINCT ${columns} FROM ${METRIC_TABLE.name} WHERE ${conditions.join(' AND ')} ORDER BY ${columns} LIMIT ${number(query.limit)}`
  return { sql, parameters: texts.parameters }
}

function isAfter({ namespace, metricName, dimensions }: StoredMetric, texts: Texts): string {
  const space = texts.bind(namespace)
  const name = texts.bind(metricName)
  const sameName = `(metric_name = ${name} AND dimensions > ${texts.list(dimensions)})`
  return `(namespace > ${space} OR (namespace = ${space} AND (metric_name > ${name} OR ${sameName})))`
}

/** The answer to {@link selectMetrics}, in JSONCompactEachRow. */
export const metricsIn = (answer: Buffer): readonly StoredMetric[] =>
  rowsIn<readonly [string, string, readonly string[]]>(answer).map(([namespace, metricName, dimensions]) => ({
    namespace,
    metricName,
    dimensions,
  }))

const rowsIn = <Row>(answer: Buffer): readonly Row[] =>
  answer
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)

/** Whether a metric that is not in the column store yet is to be listed, but for its place in the order. */
export const isListed = (metric: StoredMetric, { namespace, metricName, dimensions }: MetricListQuery): boolean =>
  (namespace === undefined || metric.namespace === namespace) &&
  (metricName === undefined || metric.metricName === metricName) &&
  dimensions.every(({ name, value }) =>
    value === undefined
      ? metric.dimensions.some((stored) => stored.startsWith(dimensionStart(name)))
      : metric.dimensions.includes(storedDimension(name, value)),
  )
