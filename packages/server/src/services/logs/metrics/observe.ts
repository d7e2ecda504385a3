import { setImmediate } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogMetrics } from '#services/logs/metrics/aggregator.ts'
import type { CompiledFilter, Sample, SampledMetric } from '#services/logs/metrics/compiled-filter.ts'
import { EMBEDDED_MARK, type EmbeddedMetric, mayBeEmbedded, readEmbedded } from '#services/logs/metrics/embedded.ts'
import type { IncomingMetrics } from '#services/logs/metrics/incoming.ts'
import type { MetricFilters } from '#services/logs/metrics/metric-filters.ts'
import { MessageBatch, bitsIn, lowestBit } from '#services/logs/patterns/message-batch.ts'
import type { Mask, Protection } from '#services/logs/protection/policies.ts'
import { eventObjects, listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'

export interface ObserverDeps {
  readonly filters: MetricFilters
  readonly metrics: LogMetrics
  readonly clock: Clock
  /** Where it is counted which events carry metrics that cannot be read. */
  readonly incoming: Pick<IncomingMetrics, 'unreadable'> | undefined
  /** What is hidden from readers is hidden from filters. */
  readonly protection: Pick<Protection, 'maskOf'>
  readonly telemetry: Telemetry
}

/** How long events are looked at before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15
const MINUTE = 60_000
const minuteOf = (time: EpochMillis): number => Math.floor(time / MINUTE)

/**
 * Looks at stored events for metric filters, and for metrics that they carry themselves. The events are stored already, so
 * nothing that goes wrong here is an error of who put them.
 * @returns undefined when it is done at once
 */
export type Observe = (group: LogGroup, events: LogEvents) => Promise<void> | undefined

export const metricObserver =
  (deps: ObserverDeps): Observe =>
  (group, events) => {
    const hasFilters = group.metricFilterCount !== undefined && group.metricFilterCount > 0
    const embedded = group.logGroupClass === 'STANDARD' && events.someQuoting(EMBEDDED_MARK)
    if (!hasFilters && !embedded) return undefined
    return (async () => {
      const { filters, metrics, protection, telemetry } = deps
      try {
        const mask = await protection.maskOf(group)
        if (embedded) await lookInside(deps, group, events, mask)
        if (!hasFilters) return
        const ready = filters.held(group) ?? (await filters.ready(group))
        if (ready.filters.length > 0) await look(ready.filters, events, metrics, mask)
      } catch (error) {
        telemetry.log.warn({ event: 'metric_filters_failed', group: group.name, error: messageOf(error) })
      }
    })()
  }

/** What is hidden from readers is hidden from metrics. */
const shown = (message: string, mask: Mask | undefined): string =>
  mask === undefined ? message : mask(message, Infinity)

/** Adds up the metrics that events carry in CloudWatch's embedded metric format. */
async function lookInside(
  { metrics, incoming, clock }: ObserverDeps,
  group: LogGroup,
  events: LogEvents,
  mask: Mask | undefined,
): Promise<void> {
  const now = clock.now()
  let sliceStart = performance.now()
  for (let index = 0; index < events.length; index++) {
    const message = events.message(index)
    if (!mayBeEmbedded(message)) continue
    const embedded = readEmbedded(shown(message, mask), now)
    if (embedded.kind === 'metrics') for (const metric of embedded.metrics) addEmbedded(metrics, group, metric)
    else if (embedded.kind !== 'none') incoming?.unreadable(group, embedded.kind, now)
    if (performance.now() - sliceStart > SLICE_MILLIS) {
      await setImmediate()
      sliceStart = performance.now()
    }
  }
}

function addEmbedded(
  metrics: LogMetrics,
  { number, place: { account, region } }: LogGroup,
  { namespace, metricName, unit, dimensions, at, values }: EmbeddedMetric,
): void {
  const source = `${String(number)}/${JSON.stringify([namespace, metricName, unit])}`
  const metric = { source, embedded: true, account, region, namespace, metricName, unit } as const
  for (const value of values) metrics.add(metric, at, { value, dimensions })
}

const masked = (events: LogEvents, mask: Mask): LogEvents =>
  listedEvents(eventObjects(events).map((event) => ({ ...event, message: shown(event.message, mask) })))

async function look(
  filters: readonly CompiledFilter[],
  events: LogEvents,
  metrics: LogMetrics,
  mask: Mask | undefined,
): Promise<void> {
  for (const { metric } of filters) if (metric.defaultValue !== undefined) expectSamples(metric, events, metrics)
  const batch = new MessageBatch(mask === undefined ? events : masked(events, mask))
  const live = filters
    .map((filter) => ({ filter, having: batch.having(filter.containing) }))
    .filter(({ having }) => having.isPossible)
  if (live.length === 0) return
  let sliceStart = performance.now()
  for (; batch.window.from < events.length; batch.advance()) {
    for (const { filter, having } of live) {
      const found = having.mask()
      if (found === 0) continue
      if (filter.always !== undefined) {
        addAll(filter, filter.always, events, batch.window, found, metrics)
        continue
      }
      for (let rest = found; rest !== 0; rest &= rest - 1) {
        const at = batch.window.from + lowestBit(rest)
        const sample = filter.sample(batch.view(at))
        if (sample !== undefined) metrics.add(filter.metric, events.timestamp(at), sample)
      }
      if (performance.now() - sliceStart > SLICE_MILLIS) {
        await setImmediate()
        sliceStart = performance.now()
      }
    }
  }
}

/** Adds the same sample for every event that was found; most often all of them are of one minute. */
function addAll(
  { metric }: CompiledFilter,
  sample: Sample,
  events: LogEvents,
  { from, to }: MessageBatch['window'],
  found: number,
  metrics: LogMetrics,
): void {
  const first = events.timestamp(from)
  if (minuteOf(first) === minuteOf(events.timestamp(to - 1))) return metrics.add(metric, first, sample, bitsIn(found))
  for (let rest = found; rest !== 0; rest &= rest - 1)
    metrics.add(metric, events.timestamp(from + lowestBit(rest)), sample)
}

/** Once for each minute that has events; they are in order. */
function expectSamples(metric: SampledMetric, events: LogEvents, metrics: LogMetrics): void {
  let minute = Number.NaN
  for (let index = 0; index < events.length; index++) {
    const timestamp = events.timestamp(index)
    if (minuteOf(timestamp) === minute) continue
    minute = minuteOf(timestamp)
    metrics.expect(metric, timestamp)
  }
}
