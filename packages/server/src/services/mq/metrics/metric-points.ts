import type { BrokerReading, DestinationReading } from '#engines/broker-engine.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { MetricPoint } from '#kernel/metric-point.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'

/** AWS's namespace of Amazon MQ. */
const NAMESPACE = 'AWS/AmazonMQ'

/** Destinations of an instance that have metrics. @source Amazon MQ quotas page */
const MAX_DESTINATIONS = 1_000

/** @source Amazon MQ guide, metrics; all others are counts */
const UNITS: Readonly<Record<string, string>> = {
  CpuUtilization: 'Percent',
  HeapUsage: 'Percent',
  StorePercentUsage: 'Percent',
  TempPercentUsage: 'Percent',
  JobSchedulerStorePercentUsage: 'Percent',
  MemoryUsage: 'Percent',
  EnqueueTime: 'Milliseconds',
  RabbitMQMemLimit: 'Bytes',
  RabbitMQMemUsed: 'Bytes',
  RabbitMQDiskFreeLimit: 'Bytes',
  RabbitMQDiskFree: 'Bytes',
}

/** Counters of destinations as they were read last: `<kind> <destination>` → counter → count. */
export type Counted = ReadonlyMap<string, Readonly<Record<string, number>>>

/** What is published of one reading, and what the next one is compared with. */
export interface ReadingPoints {
  readonly points: readonly MetricPoint[]
  readonly counted: Counted
}

/**
 * The metric points of an instance in one minute. What is counted since the broker's start is published as what was
 * counted since the last reading, and not at all after the first one.
 */
export function metricPoints(
  record: MetricBroker,
  instance: number,
  reading: BrokerReading,
  before: Counted | undefined,
  minute: EpochMillis,
): ReadingPoints {
  const { node } = reading
  const broker = { Broker: node === undefined ? `${record.brokerName}-${String(instance)}` : record.brokerName }
  const point = (name: string, value: number, dimensions: MetricPoint['dimensions']): MetricPoint =>
    pointOf(record, name, [value], dimensions, minute)
  const own = node === undefined ? broker : { ...broker, Node: node }
  const points = Object.entries(reading.gauges).map(([name, value]) => point(name, value, own))
  const counted = new Map<string, Readonly<Record<string, number>>>()
  for (const destination of monitored(reading.destinations)) {
    const key = destinationKey(destination)
    const { kind, name, virtualHost } = destination
    const dimensions = { ...broker, ...(virtualHost === undefined ? {} : { VirtualHost: virtualHost }), [kind]: name }
    const values = { ...destination.gauges, ...increases(destination.counters, before, key) }
    for (const [metric, value] of Object.entries(values)) points.push(point(metric, value, dimensions))
    counted.set(key, destination.counters)
  }
  return { points, counted }
}

/**
 * The metric points of a broker with nodes: what is of the whole, said by any of them, and of what each says of itself
 * one point with all their values. None for a broker whose instances have no names.
 */
export function wholeBrokerPoints(
  record: MetricBroker,
  readings: readonly BrokerReading[],
  minute: EpochMillis,
): readonly MetricPoint[] {
  const nodes = readings.filter(({ node }) => node !== undefined)
  const names = new Set(nodes.flatMap(({ gauges }) => Object.keys(gauges)))
  const ofEach = [...names].map(
    (name) => [name, nodes.flatMap(({ gauges: { [name]: value } }) => value ?? [])] as const,
  )
  const whole = Object.entries(nodes[0]?.whole ?? {}).map(([name, value]) => [name, [value]] as const)
  return [...whole, ...ofEach].map(([name, values]) =>
    pointOf(record, name, values, { Broker: record.brokerName }, minute),
  )
}

type MetricBroker = Pick<BrokerRecord, 'account' | 'region' | 'brokerName'>

const pointOf = (
  { account, region }: MetricBroker,
  metricName: string,
  values: readonly number[],
  dimensions: MetricPoint['dimensions'],
  timestamp: EpochMillis,
): MetricPoint => ({
  account,
  region,
  namespace: NAMESPACE,
  metricName,
  dimensions,
  unit: UNITS[metricName] ?? 'Count',
  timestamp,
  statistics: {
    sampleCount: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  },
})

/** By name, so that the same ones are chosen each minute. */
export const monitored = (destinations: readonly DestinationReading[]): readonly DestinationReading[] =>
  destinations.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_DESTINATIONS)

/** Names a destination of an instance in {@link Counted}. */
export const destinationKey = ({ kind, name, virtualHost }: DestinationReading): string =>
  [kind, ...(virtualHost === undefined ? [] : [virtualHost]), name].join(' ')

/**
 * What was counted since the last reading. A destination that was not there before has counted from zero, and so has
 * one of a broker that was started anew.
 */
export function increases(
  counters: Readonly<Record<string, number>>,
  before: Counted | undefined,
  key: string,
): Record<string, number> {
  if (before === undefined) return {}
  const last = before.get(key) ?? {}
  return Object.fromEntries(
    Object.entries(counters).map(([name, count]) => {
      const earlier = last[name] ?? 0
      return [name, count >= earlier ? count - earlier : count]
    }),
  )
}
