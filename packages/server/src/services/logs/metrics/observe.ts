import { setImmediate } from 'node:timers/promises'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogMetrics } from '#services/logs/metrics/aggregator.ts'
import type { CompiledFilter } from '#services/logs/metrics/compiled-filter.ts'
import type { MetricFilters } from '#services/logs/metrics/metric-filters.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import type { Mask, Protection } from '#services/logs/protection/policies.ts'
import type { LogBatch } from '#stores/journals/log-journal.ts'

type Events = LogBatch['events']

export interface ObserverDeps {
  readonly filters: MetricFilters
  readonly metrics: LogMetrics
  /** What is hidden from readers is hidden from filters. */
  readonly protection: Pick<Protection, 'maskOf'>
  readonly telemetry: Telemetry
}

/** How long events are looked at before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15
/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 32

/**
 * Looks at stored events for metric filters. The events are stored already, so nothing that goes wrong here is an error
 * of who put them.
 * @returns undefined when it is done at once
 */
export type Observe = (group: LogGroup, events: Events) => Promise<void> | undefined

export const metricObserver =
  ({ filters, metrics, protection, telemetry }: ObserverDeps): Observe =>
  (group, events) => {
    if (group.metricFilterCount === undefined || group.metricFilterCount === 0) return undefined
    return (async () => {
      try {
        const ready = filters.held(group) ?? (await filters.ready(group))
        if (ready.filters.length === 0) return
        await look(ready.filters, events, metrics, await protection.maskOf(group))
      } catch (error) {
        telemetry.log.warn({ event: 'metric_filters_failed', group: group.name, error: messageOf(error) })
      }
    })()
  }

async function look(
  filters: readonly CompiledFilter[],
  events: Events,
  metrics: LogMetrics,
  mask: Mask | undefined,
): Promise<void> {
  const texts = events.map(({ message }) => (mask === undefined ? message : mask(message, Infinity)))
  const together = texts.join('\n')
  const live = filters.filter(({ mayMatchIn }) => mayMatchIn(together))
  for (const { metric } of filters) {
    if (metric.defaultValue !== undefined) for (const { timestamp } of events) metrics.expect(metric, timestamp)
  }
  if (live.length === 0) return
  let sliceStart = performance.now()
  let index = 0
  for (const { timestamp } of events) {
    const view = new MessageView(texts[index++] ?? '')
    for (const { metric, sample } of live) {
      const found = sample(view)
      if (found !== undefined) metrics.add(metric, timestamp, found)
    }
    if (index % EVENTS_PER_LOOK === 0 && performance.now() - sliceStart > SLICE_MILLIS) {
      await setImmediate()
      sliceStart = performance.now()
    }
  }
}
