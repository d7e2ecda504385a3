import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { fillEventHistory } from '../lib/event-history.ts'
import { load } from '../lib/load.ts'
import { type Scenario, count, median, millis, quantile } from '../lib/scenario.ts'

/** `BENCH_EVENTS` makes the history smaller or larger. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000)
const ASKED = [
  {},
  { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'RebootBroker' }] },
  { LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'user-13' }] },
  { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'broker-77' }] },
  { LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: `event-${String(Math.floor(EVENTS / 3))}` }] },
]
const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'CloudTrail_20131101.LookupEvents',
}

export const lookupEvents: Scenario = {
  name: 'lookup-events',
  what: 'LookupEvents over an event history: the newest page, and by each of four attributes',
  run: async () => {
    const directory = temporaryDirectory()
    const first = await startTestPlatform({ data: directory.path })
    await first.stop()
    await fillEventHistory(directory.path, EVENTS)
    const platform = await startTestPlatform({ data: directory.path, args: ['--log-level', 'error'] })
    try {
      const rows = [{ what: 'events in the history', value: count(EVENTS) }]
      const all: number[] = []
      for (const input of ASKED) {
        const body = JSON.stringify(input)
        const what = { service: 'cloudtrail', headers: HEADERS, body: () => body }
        await load(platform.url, what, { connections: 1, seconds: 5, requests: 5 })
        const { latencies } = await load(platform.url, what, { connections: 1, seconds: 20, requests: 100 })
        all.push(...latencies)
        const [attribute] = 'LookupAttributes' in input ? (input.LookupAttributes ?? []) : []
        const by = attribute?.AttributeKey ?? 'nothing, the newest'
        rows.push({
          what: `by ${by}: p50 / p99`,
          value: `${millis(median(latencies))} / ${millis(quantile(latencies, 0.99))}`,
        })
      }
      return [...rows, { what: 'all: p99', value: millis(quantile(all, 0.99)), goal: 'goal ≤ 100 ms' }]
    } finally {
      await platform.stop()
      directory.remove()
    }
  },
}
