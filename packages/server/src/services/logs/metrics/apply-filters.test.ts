import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import type { MetricPoint } from '#kernel/metric-point.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import { type LogMetrics, logMetrics } from '#services/logs/metrics/aggregator.ts'
import { applyFilters } from '#services/logs/metrics/apply-filters.ts'
import { type CompiledFilter, compileMetricFilter } from '#services/logs/metrics/compiled-filter.ts'
import type { MetricFilter } from '#services/logs/metrics/metric-filter.ts'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import { Screen } from '#services/logs/patterns/screen.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'
import { arrivedEvents } from '../../../../../testkit/src/arrived-events.ts'
import { memoryMetricSink } from '../../../../../testkit/src/memory-metric-sink.ts'

const START = Date.UTC(2026, 10, 21, 12)
const group = {
  number: 1,
  place: { account: accountId('111122223333'), region: region('eu-west-1') },
} as LogGroup

/** Pattern, value and dimensions of each filter. */
const FILTERS: readonly (readonly [string, string, Record<string, string>?])[] = [
  ['', '1'],
  ['a', '2'],
  ['a -b', '1'],
  ['?b ?é', '1'],
  ['%a+b%', '1'],
  ['[word, number, ...]', '$number'],
  ['[word=a, ..., last]', '$last', { Word: '$word' }],
  ['[..., number>1]', '1'],
  ['{ $.n > 1 }', '$.n', { Text: '$.t' }],
]

const compiled = FILTERS.map(([pattern, metricValue, dimensions], number): CompiledFilter => {
  const more = dimensions === undefined ? { defaultValue: number } : { dimensions }
  const filter: MetricFilter = {
    group: group.number,
    groupName: 'g',
    creationTime: START,
    applyOnTransformedLogs: false,
    name: `f${String(number)}`,
    pattern,
    transformation: { metricNamespace: 'N', metricName: `m${String(number)}`, metricValue, ...more },
  }
  return compileMetricFilter(group, filter) as CompiledFilter
})

/** Everything that is published of what was added. */
async function pointsOf(add: (metrics: LogMetrics) => Promise<void> | void): Promise<readonly MetricPoint[]> {
  const sink = memoryMetricSink()
  const metrics = logMetrics({ sink, clock: { now: () => START }, telemetry: silentTelemetry })
  await add(metrics)
  await metrics.close()
  const key = ({ timestamp, metricName, dimensions }: MetricPoint) =>
    JSON.stringify([timestamp, metricName, dimensions])
  return sink.points.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

const piece = fc.constantFrom(
  'a',
  'b',
  'ab',
  'é',
  ' ',
  ' a ',
  ' 7',
  ' 12 ',
  '[',
  '"',
  '{"n":2,"t":"x"}',
  '{"n":"3"}',
  '\n',
)
const event = fc.record({
  message: fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
  /** Since the event before, in milliseconds. */
  after: fc.constantFrom(0, 1, 9, 30_000, 150_000),
})

test('a batch gives the samples that its events give one by one, whichever filters look at it together', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([...compiled.keys()], { minLength: 1 }),
      fc.array(event, { minLength: 1, maxLength: 80 }),
      async (numbers, list) => {
        let timestamp = START
        const events = list.map(({ message, after }) => ({ message, timestamp: (timestamp += after) }))
        const filters = numbers.map((number) => compiled[number] as CompiledFilter)
        const want = await pointsOf((metrics) => {
          for (const number of numbers) {
            const { matches } = compileFilterPattern(FILTERS[number]?.[0] ?? '')
            const { metric, sample } = compiled[number] as CompiledFilter
            for (const { message, timestamp: at } of events) {
              if (metric.defaultValue !== undefined) metrics.expect(metric, at)
              const found = matches(message) ? sample(new MessageView(message)) : undefined
              if (found !== undefined) metrics.add(metric, at, found)
            }
          }
        })
        const screen = new Screen(filters.map(({ containing }) => containing))
        for (const batch of [listedEvents(events), receivedEvents(arrivedEvents(events))])
          expect(await pointsOf((metrics) => applyFilters({ filters, screen }, batch, metrics))).toEqual(want)
      },
    ),
    { seed: 20, numRuns: 150 },
  )
})
