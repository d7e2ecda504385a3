import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { MetricPoint, MetricSink } from '#kernel/metric-point.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { MAX_DIMENSION_SETS, MAX_OPEN_SERIES, MAX_OPEN_VALUES } from '#services/logs/limits.ts'
import type { Dimensions, Sample, SampledMetric } from '#services/logs/metrics/compiled-filter.ts'
import { PointQueue } from '#services/logs/metrics/point-queue.ts'
import { Series } from '#services/logs/metrics/series.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** How long after its end a minute waits for events that are on their way. */
const GRACE = 10_000

const NO_SERIES = { start: 0, series: undefined }

/** The sets of dimensions that a filter has used within an hour. */
interface UsedDimensions {
  readonly hour: number
  readonly sets: Set<string>
}

export interface LogMetricsDeps {
  readonly sink: MetricSink
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Samples of metric filters and of metrics that events carry, added up by the minute of their events. Held in memory: a crash loses the open minutes. */
export interface LogMetrics {
  /**
   * @param at of the event
   * @param times how many events of this minute gave the sample
   */
  add(metric: SampledMetric, at: EpochMillis, sample: Sample, times?: number): void
  /** The group of a filter with a default value had an event at this time. */
  expect(metric: SampledMetric, at: EpochMillis): void
  /** Publishes the minutes that are over. What cannot be published is kept, up to a bound, for the next time. */
  flush(): Promise<void>
  /** Publishes everything, open minutes among them. */
  close(): Promise<void>
}

export const logMetrics = (deps: LogMetricsDeps): LogMetrics => new Aggregator(deps)

class Aggregator implements LogMetrics {
  readonly #deps: LogMetricsDeps
  readonly #queue: PointQueue
  /** By the start of the minute, then by filter and dimensions. */
  readonly #minutes = new Map<EpochMillis, Map<string, Series>>()
  readonly #used = new Map<string, UsedDimensions>()
  #open = 0
  /** Different values held by all series. */
  #values = 0
  /** Most samples belong to the series of the one before. */
  #latest: { readonly start: EpochMillis; readonly series: Series | undefined } = NO_SERIES
  /** Minutes before it have been reported, defaults included. */
  #reported = 0

  constructor(deps: LogMetricsDeps) {
    this.#deps = deps
    this.#queue = new PointQueue(deps)
  }

  add(metric: SampledMetric, at: EpochMillis, { value, dimensions }: Sample, times = 1): void {
    const series = this.#series(metric, at, dimensions)
    if (series === undefined) {
      this.#deps.telemetry.meter.add('logs_metric_samples_dropped_total', times)
      return
    }
    this.#values -= series.values
    series.add(value, { mayGrow: this.#values + series.values < MAX_OPEN_VALUES, times })
    this.#values += series.values
  }

  expect(metric: SampledMetric, at: EpochMillis): void {
    if (at >= this.#reported) this.#series(metric, at, {})
  }

  async flush(): Promise<void> {
    const end = Math.floor((this.#deps.clock.now() - GRACE) / MINUTE) * MINUTE
    const hour = Math.floor(end / HOUR)
    for (const [source, used] of this.#used) if (used.hour < hour) this.#used.delete(source)
    await this.#publish(end)
  }

  async close(): Promise<void> {
    await this.#publish(Infinity)
  }

  /** Minutes before `end`. */
  async #publish(end: EpochMillis): Promise<void> {
    const points: MetricPoint[] = []
    this.#latest = NO_SERIES
    for (const [minute, series] of this.#minutes) {
      if (minute >= end) continue
      this.#minutes.delete(minute)
      this.#open -= series.size
      for (const each of series.values()) {
        this.#values -= each.values
        points.push(...pointsOf(each, minute))
      }
    }
    this.#reported = Math.max(this.#reported, Number.isFinite(end) ? end : 0)
    await this.#queue.publish(points)
  }

  #series(metric: SampledMetric, at: EpochMillis, dimensions: Dimensions): Series | undefined {
    const { start: latestStart, series: latest } = this.#latest
    if (at >= latestStart && at < latestStart + MINUTE && latest?.metric === metric && latest.dimensions === dimensions)
      return latest
    const start = Math.floor(at / MINUTE) * MINUTE
    const series = this.#seriesIn(start, metric, dimensions)
    this.#latest = { start, series }
    return series
  }

  #seriesIn(start: EpochMillis, metric: SampledMetric, dimensions: Dimensions): Series | undefined {
    const minute = this.#minutes.get(start) ?? new Map<string, Series>()
    const key = keyOf(metric, dimensions)
    const found = minute.get(key)
    if (found !== undefined) return found
    if (this.#open >= MAX_OPEN_SERIES || !this.#mayUse(metric, dimensions, key)) return undefined
    const series = new Series(metric, dimensions)
    this.#minutes.set(start, minute.set(key, series))
    this.#open += 1
    return series
  }

  /** AWS turns off a filter that makes more metrics than so many in an hour; here only the further ones are left out. */
  #mayUse({ source, embedded }: SampledMetric, dimensions: Dimensions, key: string): boolean {
    if (embedded === true) return true
    for (const _name in dimensions) {
      const hour = Math.floor(this.#deps.clock.now() / HOUR)
      const used = this.#used.get(source)
      const sets = used?.hour === hour ? used.sets : new Set<string>()
      if (sets.size >= MAX_DIMENSION_SETS && !sets.has(key)) return false
      this.#used.set(source, { hour, sets: sets.add(key) })
      return true
    }
    return true
  }
}

/** Without dimensions the filter's own name is enough, and nothing has to be built for each sample. */
function keyOf({ source }: SampledMetric, dimensions: Dimensions): string {
  for (const _name in dimensions) return `${source}\0${JSON.stringify(Object.entries(dimensions))}`
  return source
}

function pointsOf(series: Series, timestamp: EpochMillis): readonly MetricPoint[] {
  const { source: _source, embedded: _embedded, defaultValue, ...common } = series.metric
  const point = { ...common, dimensions: series.dimensions, timestamp }
  const gathered = series.gathered()
  if (gathered.length > 0) return gathered.map((samples) => ({ ...point, ...samples }))
  if (defaultValue === undefined) return []
  const statistics = { sampleCount: 1, sum: defaultValue, minimum: defaultValue, maximum: defaultValue }
  return [{ ...point, statistics }]
}
