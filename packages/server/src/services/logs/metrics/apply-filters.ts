import { setImmediate } from 'node:timers/promises'
import type { LogMetrics } from '#services/logs/metrics/aggregator.ts'
import type { CompiledFilter, Sample } from '#services/logs/metrics/compiled-filter.ts'
import type { GroupFilters } from '#services/logs/metrics/metric-filters.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import { AT_ONCE, type Screened, bitsIn, lowestBit } from '#services/logs/patterns/screen.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'

/** How long events are looked into before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15
const MINUTE = 60_000

/** A filter, and its number among those of the group. */
interface Numbered {
  readonly filter: CompiledFilter
  readonly number: number
}

/** Adds up what the filters of a group make of events, of which nothing is hidden any more that must be. */
export async function applyFilters(
  { filters, screen }: GroupFilters,
  events: LogEvents,
  metrics: LogMetrics,
): Promise<void> {
  const minutes = minutesOf(events)
  for (const { metric } of filters)
    if (metric.defaultValue !== undefined) for (const from of minutes) metrics.expect(metric, events.timestamp(from))
  const screened = screen.over(events)
  const reading: Numbered[] = []
  for (const [number, filter] of filters.entries()) {
    if (!screened.isPossible(number)) continue
    if (filter.always === undefined) reading.push({ filter, number })
    else count({ filter, number }, filter.always, events, minutes, screened, metrics)
  }
  if (reading.length > 0) await look(reading, events, screened, metrics)
}

/** The first event of each minute that has events, which are in order. */
function minutesOf(events: LogEvents): readonly number[] {
  const minutes: number[] = []
  let end = -Infinity
  for (let index = 0; index < events.length; index++) {
    const at = events.timestamp(index)
    if (at < end) continue
    end = (Math.floor(at / MINUTE) + 1) * MINUTE
    minutes.push(index)
  }
  return minutes
}

/** Adds the same sample for every event that passes, minute by minute. */
function count(
  { filter, number }: Numbered,
  sample: Sample,
  events: LogEvents,
  minutes: readonly number[],
  screened: Screened,
  metrics: LogMetrics,
): void {
  for (const [minute, first] of minutes.entries()) {
    const end = minutes[minute + 1] ?? events.length
    let times = 0
    for (let from = first; from < end; from += AT_ONCE)
      times += bitsIn(screened.mask(number, from, Math.min(from + AT_ONCE, end)))
    if (times > 0) metrics.add(filter.metric, events.timestamp(first), sample, times)
  }
}

/** Looks into the events that pass, some for one filter after the other: each is taken apart once for all of them. */
async function look(
  reading: readonly Numbered[],
  events: LogEvents,
  screened: Screened,
  metrics: LogMetrics,
): Promise<void> {
  let sliceStart = performance.now()
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, events.length)
    const views: MessageView[] = []
    for (const { filter, number } of reading) {
      for (let rest = screened.mask(number, from, to); rest !== 0; rest &= rest - 1) {
        const place = lowestBit(rest)
        const index = from + place
        const view = (views[place] ??= new MessageView(events.place(index) ?? events.message(index)))
        const sample = filter.sample(view)
        if (sample !== undefined) metrics.add(filter.metric, events.timestamp(index), sample)
      }
      if (performance.now() - sliceStart > SLICE_MILLIS) {
        await setImmediate()
        sliceStart = performance.now()
      }
    }
  }
}
