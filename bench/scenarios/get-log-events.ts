import { load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { type Row, type Scenario, median, millis, quantile } from '../lib/scenario.ts'
import { logsCall, storeEvents, underIngest } from '../lib/stored-events.ts'

/** Millions of events in the store; the design speaks of five. */
const MILLIONS = Number(process.env['BENCH_MILLIONS'] ?? 1)
const READS = 400
/** Reads that are not counted: what is compiled and opened by the first ones. */
const WARM_UP = 30

export const getLogEvents: Scenario = {
  name: 'get-log-events',
  what: `the newest 100 events of a stream, in a store of ${String(MILLIONS)} M events (BENCH_MILLIONS), one reader`,
  run: () =>
    withPlatform(async (platform) => {
      const events = (MILLIONS * 1_000_000) / 2
      await storeEvents(platform, 'others', events)
      await storeEvents(platform, 'bench', events)
      const body = JSON.stringify({ logGroupName: 'bench', logStreamName: 's', limit: 100 })
      const read = async (requests: number): Promise<readonly number[]> => {
        const options = { connections: 1, seconds: 60, requests }
        return (
          await load(
            platform.url,
            logsCall('GetLogEvents', () => body),
            options,
          )
        ).latencies
      }
      await read(WARM_UP)
      const idle = await read(READS)
      const busy = await underIngest(platform, 'others', async () => {
        await read(WARM_UP)
        return read(READS)
      })
      return [...rows('idle', idle), ...rows('2,000 events a second into another group', busy)]
    }),
}

const rows = (when: string, latencies: readonly number[]): readonly Row[] => [
  { what: `${when}: p50`, value: millis(median(latencies)), goal: 'goal ≤ 25 ms' },
  { what: `${when}: p99`, value: millis(quantile(latencies, 0.99)), goal: 'goal ≤ 80 ms' },
]
