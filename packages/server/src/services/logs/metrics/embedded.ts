import type { EpochMillis } from '#kernel/ids.ts'
import { DAY_MILLIS, MAX_EVENT_LEAD_MILLIS } from '#services/logs/limits.ts'
import type { Dimensions } from '#services/logs/metrics/compiled-filter.ts'
import { type JsonObject, MessageView } from '#services/logs/patterns/message-view.ts'

/** What an event in the embedded metric format says of one metric with one set of dimensions. */
export interface EmbeddedMetric {
  readonly namespace: string
  readonly metricName: string
  readonly unit: string
  readonly dimensions: Dimensions
  readonly at: EpochMillis
  readonly values: readonly number[]
}

/** `unparsable`: it looks like one and is no JSON. `invalid`: it is one that does not follow the format; it gives no metric. */
export type Embedded =
  | { readonly kind: 'none' | 'unparsable' | 'invalid' }
  | { readonly kind: 'metrics'; readonly metrics: readonly EmbeddedMetric[] }

const OPEN_BRACE = 0x7b
/** @source CloudWatch user guide, embedded metric format specification: 100 metrics a directive, 100 values a metric, 30 dimensions a set */
const MOST_METRICS = 100
const MOST_VALUES = 100
const MOST_DIMENSIONS = 30
/** Ours, so that one event makes a bounded number of points. */
const MOST_PRODUCTS = 1_000
/** @source CloudWatch, PutMetricData: names of 255 characters, dimension values of 1,024, values up to 2^360, two weeks back */
const MOST_NAME_CHARS = 255
const MOST_VALUE_CHARS = 1_024
const MOST_VALUE = 2 ** 360
const OLDEST_MILLIS = 14 * DAY_MILLIS

const UNITS: ReadonlySet<unknown> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'].flatMap((unit) => [unit, `${unit}/Second`]),
  ...['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'].flatMap((unit) => [unit, `${unit}/Second`]),
])

/** What every message that is one contains. */
export const EMBEDDED_MARK = '"_aws"'

/** Whether a message may be one; a quick look that rules out nearly all others. */
export const mayBeEmbedded = (message: string): boolean =>
  message.charCodeAt(0) === OPEN_BRACE && message.includes('CloudWatchMetrics"') && message.includes(EMBEDDED_MARK)

/**
 * The metrics in a message, all of them or none.
 * @source CloudWatch user guide, "Specification: Embedded metric format"
 */
export function readEmbedded(message: string, now: EpochMillis): Embedded {
  const { object: root } = new MessageView(message)
  if (root === undefined) return { kind: 'unparsable' }
  const { _aws: meta } = root
  if (!isObject(meta) || !Object.hasOwn(meta, 'CloudWatchMetrics')) return { kind: 'none' }
  const { CloudWatchMetrics: directives, Timestamp: at } = meta
  if (typeof at !== 'number' || !(at >= now - OLDEST_MILLIS && at <= now + MAX_EVENT_LEAD_MILLIS)) return INVALID
  if (!Array.isArray(directives)) return INVALID
  const metrics: EmbeddedMetric[] = []
  for (const directive of directives as readonly unknown[]) {
    const found = ofDirective(root, directive, at)
    if (found === undefined || metrics.length + found.length > MOST_PRODUCTS) return INVALID
    metrics.push(...found)
  }
  return { kind: 'metrics', metrics }
}

const INVALID: Embedded = { kind: 'invalid' }

/** Each metric with each set of dimensions. `undefined`: it does not follow the format. */
function ofDirective(root: JsonObject, directive: unknown, at: EpochMillis): readonly EmbeddedMetric[] | undefined {
  if (!isObject(directive)) return undefined
  const { Namespace: namespace, Dimensions: sets, Metrics: definitions } = directive
  if (!isName(namespace) || namespace.startsWith('AWS/')) return undefined
  if (!Array.isArray(sets) || !Array.isArray(definitions) || definitions.length > MOST_METRICS) return undefined
  const dimensions = allOf(sets, (set) => dimensionsOf(root, set))
  const metrics = allOf(definitions, (definition) => metricOf(root, definition))
  if (dimensions === undefined) return undefined
  return metrics?.flatMap((metric) => dimensions.map((each) => ({ ...metric, namespace, dimensions: each, at })))
}

function dimensionsOf(root: JsonObject, names: unknown): Dimensions | undefined {
  if (!Array.isArray(names) || names.length > MOST_DIMENSIONS) return undefined
  const entries = names.map((name: unknown) => [name, isName(name) ? target(root, name) : undefined] as const)
  const isWhole = entries.every(
    ([, value]) => typeof value === 'string' && value !== '' && value.length <= MOST_VALUE_CHARS,
  )
  return isWhole ? (Object.fromEntries(entries) as Dimensions) : undefined
}

function metricOf(
  root: JsonObject,
  definition: unknown,
): Pick<EmbeddedMetric, 'metricName' | 'unit' | 'values'> | undefined {
  if (!isObject(definition)) return undefined
  const { Name: metricName, Unit: unit = 'None', StorageResolution: resolution = 60 } = definition
  if (!isName(metricName) || typeof unit !== 'string' || !UNITS.has(unit)) return undefined
  if (resolution !== 1 && resolution !== 60) return undefined
  const values = [target(root, metricName)].flat()
  if (values.length === 0 || values.length > MOST_VALUES || !values.every(isValue)) return undefined
  return { metricName, unit, values }
}

/** A member of the root; what every object has is none. */
const target = (root: JsonObject, name: string): unknown => (Object.hasOwn(root, name) ? root[name] : undefined)

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MOST_NAME_CHARS
const isValue = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= MOST_VALUE
/** What is made of every item. `undefined`: of one nothing can be made. */
function allOf<T>(items: readonly unknown[], make: (item: unknown) => T | undefined): readonly T[] | undefined {
  const made: T[] = []
  for (const item of items) {
    const one = make(item)
    if (one === undefined) return undefined
    made.push(one)
  }
  return made
}
