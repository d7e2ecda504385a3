import { setImmediate } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogMetrics } from '#services/logs/metrics/aggregator.ts'
import { applyFilters } from '#services/logs/metrics/apply-filters.ts'
import { EMBEDDED_MARK, type EmbeddedMetric, mayBeEmbedded, readEmbedded } from '#services/logs/metrics/embedded.ts'
import type { IncomingMetrics } from '#services/logs/metrics/incoming.ts'
import type { MetricFilters } from '#services/logs/metrics/metric-filters.ts'
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
        if (ready.filters.length > 0)
          await applyFilters(ready, mask === undefined ? events : masked(events, mask), metrics)
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
