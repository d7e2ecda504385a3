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
  { account, region, brokerName }: Pick<BrokerRecord, 'account' | 'region' | 'brokerName'>,
  instance: number,
  reading: BrokerReading,
  before: Counted | undefined,
  minute: EpochMillis,
): ReadingPoints {
  const broker = { Broker: `${brokerName}-${String(instance)}` }
  const point = (metricName: string, value: number, dimensions: Readonly<Record<string, string>>): MetricPoint => ({
    account,
    region,
    namespace: NAMESPACE,
    metricName,
    dimensions,
    unit: UNITS[metricName] ?? 'Count',
    timestamp: minute,
    statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value },
  })
  const points = Object.entries(reading.gauges).map(([name, value]) => point(name, value, broker))
  const counted = new Map<string, Readonly<Record<string, number>>>()
  for (const destination of monitored(reading.destinations)) {
    const key = destinationKey(destination)
    const dimensions = { ...broker, [destination.kind]: destination.name }
    const values = { ...destination.gauges, ...increases(destination.counters, before, key) }
    for (const [name, value] of Object.entries(values)) points.push(point(name, value, dimensions))
    counted.set(key, destination.counters)
  }
  return { points, counted }
}

/** By name, so that the same ones are chosen each minute. */
export const monitored = (destinations: readonly DestinationReading[]): readonly DestinationReading[] =>
  destinations.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_DESTINATIONS)

/** Names a destination of an instance in {@link Counted}. */
export const destinationKey = ({ kind, name }: DestinationReading): string => `${kind} ${name}`

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
