import type { MetricPoint } from '#kernel/metric-point.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { criteriaHold, parseSelectionCriteria } from '#services/logs/criteria/selection-criteria.ts'
import { SYSTEM_FIELDS } from '#services/logs/metrics/check-filter.ts'
import type { MetricFilter } from '#services/logs/metrics/metric-filter.ts'
import { numberOf } from '#services/logs/patterns/compared-value.ts'
import {
  type FieldReader,
  type Matcher,
  compileFilterPattern,
  fieldReader,
  numberReader,
} from '#services/logs/patterns/evaluate.ts'
import type { FilterPattern } from '#services/logs/patterns/filter-pattern.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'

export type Dimensions = MetricPoint['dimensions']

/** What every sample of a filter has in common. */
export interface SampledMetric extends Pick<MetricPoint, 'account' | 'region' | 'namespace' | 'metricName' | 'unit'> {
  /** Names the filter, in all accounts and regions; or the group and the metric that its events carry. */
  readonly source: string
  /** Carried by events: it may have any number of sets of dimensions. */
  readonly embedded?: true
  /** Reported for minutes that have events and no sample. */
  readonly defaultValue?: number
}

/** A sample that an event gives. */
export interface Sample {
  readonly value: number
  readonly dimensions: Dimensions
}

/** A metric filter ready for events. */
export interface CompiledFilter {
  readonly metric: SampledMetric
  /** What the events to look at contain. Left out: all of them are to be looked at. */
  readonly containing?: Matcher['containing']
  /** The sample of every event to look at, where it is the same of all of them. */
  readonly always?: Sample | undefined
  /**
   * Of an event to look at. `undefined`: it does not match, or has no number where the value should be, or a dimension is
   * missing.
   */
  readonly sample: (message: MessageView) => Sample | undefined
}

/** CloudWatch takes no value beyond this. @source PutMetricData: -2^360 to 2^360 */
const MAX_VALUE = 2 ** 360
/** @source CloudWatch, Dimension: 1–1,024 characters */
const MAX_DIMENSION_CHARS = 1_024

/** `undefined`: the filter's criteria leave out every event of this account and region. */
export function compileMetricFilter(group: LogGroup, filter: MetricFilter): CompiledFilter | undefined {
  const system = { '@aws.account': group.place.account, '@aws.region': group.place.region }
  const { pattern, confirms, containing, exact } = compileFilterPattern(filter.pattern, 'metric')
  const criteria = filter.fieldSelectionCriteria
  const parsed = criteria === undefined ? undefined : parseSelectionCriteria(criteria, SYSTEM_FIELDS)
  if (parsed !== undefined && !criteriaHold(parsed, system)) return undefined
  const { transformation } = filter
  const value = valueReader(pattern, transformation.metricValue)
  const dimensions = dimensionsReader(pattern, filter, system)
  let last: Sample = { value: Number.NaN, dimensions: {} }
  const take = (message: MessageView): Sample | undefined => {
    const number = value(message)
    if (number === undefined || Math.abs(number) > MAX_VALUE) return undefined
    const found = dimensions(message)
    if (last.value === number && last.dimensions === found) return last
    return found && (last = { value: number, dimensions: found })
  }
  // Most filters count: every match is the same sample.
  const isCount = numberOf(transformation.metricValue) !== undefined && transformation.dimensions === undefined
  return {
    metric: metricOf(group, filter),
    containing,
    always: exact && isCount ? take(new MessageView('')) : undefined,
    sample: (message) => (confirms(message) ? take(message) : undefined),
  }
}

function metricOf({ place, number }: LogGroup, { name, transformation }: MetricFilter): SampledMetric {
  const { metricNamespace, metricName, unit = 'None', defaultValue } = transformation
  return {
    source: `${String(number)}/${name}`,
    account: place.account,
    region: place.region,
    namespace: metricNamespace,
    metricName,
    unit,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  }
}

function valueReader(pattern: FilterPattern, value: string): (message: MessageView) => number | undefined {
  const number = numberOf(value)
  if (number !== undefined) return () => number
  return numberReader(pattern, value) ?? (() => undefined)
}

/** `undefined` from the reader: a dimension is missing, so the sample would belong to another metric. */
function dimensionsReader(
  pattern: FilterPattern,
  { transformation, emitSystemFieldDimensions = [] }: MetricFilter,
  system: Dimensions,
): (message: MessageView) => Dimensions | undefined {
  const fixed = Object.fromEntries(emitSystemFieldDimensions.map((field) => [field, system[field] ?? '']))
  const readers = Object.entries(transformation.dimensions ?? {}).flatMap(
    ([name, reference]): readonly (readonly [string, FieldReader])[] => {
      const read = fieldReader(pattern, reference)
      return read === undefined ? [] : [[name, read]]
    },
  )
  if (readers.length === 0) return () => fixed
  return (message) => {
    const found: Record<string, string> = { ...fixed }
    for (const [name, read] of readers) {
      const value = read(message)
      if (value === undefined || value === '' || value.length > MAX_DIMENSION_CHARS) return undefined
      found[name] = value
    }
    return found
  }
}
