import type { MetricIdentity } from '#stores/journals/metric-journal.ts'

const SEPARATOR = '\0'

type Dimensions = MetricIdentity['dimensions']

/** How a dimension is stored. Names have no NUL, so the first one ends the name. */
export const storedDimension = (name: string, value: string): string =>
  `${name.replaceAll(SEPARATOR, '\uFFFD')}${SEPARATOR}${value}`

/** What every stored dimension of this name begins with. */
export const dimensionStart = (name: string): string => storedDimension(name, '')

/** All dimensions of a metric as they are stored: by name, so that the order in which they were given does not matter. */
export const storedDimensions = (dimensions: Dimensions): readonly string[] =>
  Object.entries(dimensions)
    .map(([name, value]) => storedDimension(name, value))
    .toSorted(compareText)

/** Undoes {@link storedDimensions}. */
export const dimensionsOf = (stored: readonly string[]): Dimensions =>
  Object.fromEntries(
    stored.map((text) => {
      const end = text.indexOf(SEPARATOR)
      return [text.slice(0, end), text.slice(end + 1)]
    }),
  )

/** As the column store compares texts: by their UTF-8 bytes. */
export const compareText = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))

/** A metric in the form in which it is stored and compared. */
export interface StoredMetric {
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: readonly string[]
}

/** The order in which metrics are listed. */
export function compareMetrics(a: StoredMetric, b: StoredMetric): number {
  const first = compareText(a.namespace, b.namespace) || compareText(a.metricName, b.metricName)
  if (first !== 0) return first
  for (const [index, dimension] of a.dimensions.entries()) {
    const other = b.dimensions[index]
    if (other === undefined) return 1
    const order = compareText(dimension, other)
    if (order !== 0) return order
  }
  return a.dimensions.length - b.dimensions.length
}

export const storedMetric = ({ namespace, metricName, dimensions }: MetricIdentity): StoredMetric => ({
  namespace,
  metricName,
  dimensions: storedDimensions(dimensions),
})

/** One text for one metric. */
export const metricKey = ({ namespace, metricName, dimensions }: StoredMetric): string =>
  JSON.stringify([namespace, metricName, dimensions])
