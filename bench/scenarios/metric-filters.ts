import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type MetricTransformation,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { load } from '../lib/load.ts'
import { type BenchPlatform, withPlatform } from '../lib/platform.ts'
import { cpuSeconds } from '../lib/processes.ts'
import { type Scenario, count, median, ratio } from '../lib/scenario.ts'
import { batches } from './put-log-events.ts'

const EVENTS = 1_000
const BYTES = 200
const CONNECTIONS = 4
/** Both groups take turns, so that a busy machine slows both, and each goes first as often: what one stored is merged while the other stores. */
const ROUNDS = 9
const REQUESTS = 800

interface Filter {
  readonly pattern: string
  readonly transformation?: Partial<MetricTransformation>
}

/** What people count in a broker's log: words, phrases, one field of a line, a regular expression. Some find much, most nothing. */
const FILTERS: readonly Filter[] = [
  ...[
    'ERROR',
    'WARN',
    'INFO',
    'Exception',
    'OutOfMemoryError',
    'Timeout',
    '"Slow consumer"',
    '"Usage limit"',
    'Failover',
  ].map(plain),
  ...[
    '"queue://ORDERS.1 "',
    '"queue://ORDERS.2"',
    'message -stored',
    'stored broker',
    '?FATAL ?SEVERE',
    'Connection refused',
  ].map(plain),
  plain('[level=ERROR, ...]'),
  plain('[level, sep, queue="*ORDERS.7", ...]'),
  { pattern: '[level, sep, queue, word, number, ...]', transformation: { metricValue: '$number' } },
  { pattern: '[level=WARN, sep, queue, ...]', transformation: { dimensions: { Queue: '$queue' } } },
  plain('%ORDERS[.]9[0-9] message [0-9]+ lost%'),
]

function plain(pattern: string): Filter {
  return { pattern }
}

export const metricFilters: Scenario = {
  name: 'metric-filters',
  what: `${String(FILTERS.length)} metric filters on a group, ${count(EVENTS)} events of ${String(BYTES)} bytes a batch, against a group without`,
  run: () =>
    withPlatform(async (platform) => {
      const groups = ['without', 'with'] as const
      for (const name of groups) {
        await platform.aws.logs.send(new CreateLogGroupCommand({ logGroupName: name }))
        await platform.aws.logs.send(new CreateLogStreamCommand({ logGroupName: name, logStreamName: 's' }))
      }
      await putFilters(platform, 'with')
      const rates = { without: [] as number[], with: [] as number[] }
      const costs = { without: [] as number[], with: [] as number[] }
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const name of round % 2 === 0 ? groups : groups.toReversed()) {
          const before = cpuSeconds(platform.pid)
          const what = batches(EVENTS, BYTES, name)
          const done = await load(platform.url, what, { connections: CONNECTIONS, seconds: 60, requests: REQUESTS })
          // The first round warms up.
          if (round === 0) continue
          rates[name].push((done.requests * EVENTS) / done.seconds)
          costs[name].push((cpuSeconds(platform.pid) - before) / done.requests)
        }
      }
      const [without, filtered] = [median(rates.without), median(rates.with)]
      return [
        { what: 'events a second without filters', value: count(without) },
        { what: 'events a second with filters', value: count(filtered) },
        {
          what: 'throughput with filters against without',
          value: ratio(median(rates.with.map((rate, round) => rate / (rates.without[round] ?? rate)))),
          goal: 'goal ≥ 0.70 ×',
        },
        {
          what: 'CPU of platform and column store a batch, with against without',
          value: ratio(median(costs.with.map((cost, round) => cost / (costs.without[round] ?? cost)))),
        },
      ]
    }),
}

async function putFilters({ aws }: BenchPlatform, logGroupName: string): Promise<void> {
  for (const [index, { pattern, transformation }] of FILTERS.entries()) {
    const metricTransformations = [
      { metricNamespace: 'Bench', metricName: `m${String(index)}`, metricValue: '1', ...transformation },
    ]
    await aws.logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: `f${String(index)}`,
        filterPattern: pattern,
        metricTransformations,
      }),
    )
  }
}
