import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { MetricPoint, StatisticSet } from '#kernel/metric-point.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { MAX_OPEN_SERIES } from '#services/logs/limits.ts'
import type { LogMetricsDeps } from '#services/logs/metrics/aggregator.ts'
import { PointQueue } from '#services/logs/metrics/point-queue.ts'

const MINUTE = 60_000
const NAMESPACE = 'AWS/Logs'
/** How AWS names an operation in the dimensions of its usage metrics. */
const usageOf = (operation: string) => ({ Class: 'None', Resource: operation, Service: 'Logs', Type: 'API' })

/**
 * The service's own metrics: IncomingLogEvents and IncomingBytes of each group and of the account, EMFParsingErrors and
 * EMFValidationErrors of each group, and CallCount, ErrorCount and ThrottleCount of each operation; a sample a call, by the
 * minute of the call. Held in memory: a crash loses the open minute.
 * @source CloudWatch Logs user guide, monitoring with CloudWatch metrics
 */
export interface IncomingMetrics {
  add(group: LogGroup, events: number, bytes: number, now: EpochMillis): void
  /** An event that looks like one in the embedded metric format cannot be read: it is no JSON, or does not follow the format. */
  unreadable(group: LogGroup, why: 'unparsable' | 'invalid', now: EpochMillis): void
  /** An operation was called and ended like this. */
  called(place: LogsPlace, operation: string, end: 'answered' | 'failed' | 'throttled', now: EpochMillis): void
  /** Publishes the minutes that are over. */
  flush(): Promise<void>
  /** Publishes everything. */
  close(): Promise<void>
}

export const incomingMetrics = (deps: LogMetricsDeps): IncomingMetrics => new Incoming(deps)

/** A statistic set that is added to. */
class Sums implements StatisticSet {
  sampleCount = 0
  sum = 0
  minimum = Infinity
  maximum = -Infinity

  add(value: number): void {
    this.sampleCount += 1
    this.sum += value
    if (value < this.minimum) this.minimum = value
    if (value > this.maximum) this.maximum = value
  }

  addAll(other: StatisticSet): void {
    this.sampleCount += other.sampleCount
    this.sum += other.sum
    this.minimum = Math.min(this.minimum, other.minimum)
    this.maximum = Math.max(this.maximum, other.maximum)
  }
}

interface GroupSums {
  readonly group: Pick<LogGroup, 'name' | 'place'>
  readonly events: Sums
  readonly bytes: Sums
}

/** How often something happened. */
interface Count extends Pick<MetricPoint, 'metricName' | 'dimensions'> {
  readonly place: LogsPlace
  readonly times: Sums
}

/** What happened in one minute. */
interface Minute {
  readonly start: EpochMillis
  /** By the group's number. */
  readonly groups: Map<number, GroupSums>
  /** By place, metric and dimensions. */
  readonly counts: Map<string, Count>
}

const noMinute = (start: EpochMillis): Minute => ({ start, groups: new Map(), counts: new Map() })

class Incoming implements IncomingMetrics {
  readonly #deps: LogMetricsDeps
  readonly #queue: PointQueue
  #open = noMinute(0)
  #over: Minute[] = []

  constructor(deps: LogMetricsDeps) {
    this.#deps = deps
    this.#queue = new PointQueue(deps)
  }

  add(group: LogGroup, events: number, bytes: number, now: EpochMillis): void {
    const { groups } = this.#minute(now)
    let sums = groups.get(group.number)
    if (sums === undefined) {
      if (groups.size >= MAX_OPEN_SERIES) return this.#deps.telemetry.meter.add('logs_metric_samples_dropped_total', 1)
      sums = { group: { name: group.name, place: group.place }, events: new Sums(), bytes: new Sums() }
      groups.set(group.number, sums)
    }
    sums.events.add(events)
    sums.bytes.add(bytes)
  }

  unreadable({ name, place }: LogGroup, why: 'unparsable' | 'invalid', now: EpochMillis): void {
    const metricName = why === 'unparsable' ? 'EMFParsingErrors' : 'EMFValidationErrors'
    this.#count(place, metricName, { LogGroupName: name }, now)
  }

  called(place: LogsPlace, operation: string, end: 'answered' | 'failed' | 'throttled', now: EpochMillis): void {
    const dimensions = usageOf(operation)
    this.#count(place, 'CallCount', dimensions, now)
    if (end === 'failed') this.#count(place, 'ErrorCount', dimensions, now)
    if (end === 'throttled') this.#count(place, 'ThrottleCount', dimensions, now)
  }

  #count(
    { account, region }: LogsPlace,
    metricName: string,
    dimensions: MetricPoint['dimensions'],
    now: EpochMillis,
  ): void {
    const { counts } = this.#minute(now)
    const { Resource: of = dimensions['LogGroupName'] ?? '' } = dimensions
    const key = `${account} ${region} ${metricName} ${of}`
    const found = counts.get(key) ?? { place: { account, region }, metricName, dimensions, times: new Sums() }
    if (!counts.has(key) && counts.size >= MAX_OPEN_SERIES) return
    found.times.add(1)
    counts.set(key, found)
  }

  async flush(): Promise<void> {
    this.#minute(this.#deps.clock.now())
    const points = this.#over.splice(0).flatMap(pointsOf)
    await this.#queue.publish(points)
  }

  async close(): Promise<void> {
    this.#over.push(this.#open)
    this.#open = noMinute(0)
    await this.#queue.publish(this.#over.splice(0).flatMap(pointsOf))
  }

  /** Calls that began before others may end after them; a minute that is over is not opened again. */
  #minute(now: EpochMillis): Minute {
    const start = Math.floor(now / MINUTE) * MINUTE
    if (start > this.#open.start) {
      if (this.#open.groups.size + this.#open.counts.size > 0) this.#over.push(this.#open)
      this.#open = noMinute(start)
    }
    return this.#open
  }
}

function pointsOf({ start, groups, counts }: Minute): readonly MetricPoint[] {
  const ofPlaces = new Map<string, Omit<GroupSums, 'group'> & { readonly place: LogsPlace }>()
  for (const { group, events, bytes } of groups.values()) {
    const { account, region } = group.place
    const key = `${account} ${region}`
    const sums = ofPlaces.get(key) ?? { place: group.place, events: new Sums(), bytes: new Sums() }
    sums.events.addAll(events)
    sums.bytes.addAll(bytes)
    ofPlaces.set(key, sums)
  }
  const incoming = [
    ...[...groups.values()].map(({ group, ...sums }) => ({
      ...sums,
      place: group.place,
      dimensions: { LogGroupName: group.name },
    })),
    ...[...ofPlaces.values()].map((sums) => ({ ...sums, dimensions: {} })),
  ]
  return [
    ...incoming.flatMap(({ place, dimensions, events, bytes }) => [
      point(start, place, 'IncomingLogEvents', 'None', dimensions, events),
      point(start, place, 'IncomingBytes', 'Bytes', dimensions, bytes),
    ]),
    ...[...counts.values()].map(({ place, metricName, dimensions, times }) =>
      point(start, place, metricName, 'None', dimensions, times),
    ),
  ]
}

const point = (
  timestamp: EpochMillis,
  { account, region }: { readonly account: AccountId; readonly region: Region },
  metricName: string,
  unit: string,
  dimensions: MetricPoint['dimensions'],
  { sampleCount, sum, minimum, maximum }: StatisticSet,
): MetricPoint => ({
  account,
  region,
  namespace: NAMESPACE,
  metricName,
  unit,
  dimensions,
  timestamp,
  statistics: { sampleCount, sum, minimum, maximum },
})
