import { mkdtempSync, openSync, closeSync, fdatasyncSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs'
import { startFloor } from '../lib/floor.ts'
import { load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { type Scenario, median, millis, quantile } from '../lib/scenario.ts'
import { batches } from './put-log-events.ts'

const WRITERS = 16
/** Three minutes show that the rate is flat; BENCH_SECONDS shortens it for a look. */
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 180)
/** A second with less than this share of the median rate has stalled. */
const STALLED = 0.2

export const smallBatches: Scenario = {
  name: 'small-batches',
  what: `10 events of 200 bytes a batch, ${String(WRITERS)} writers, ${String(SECONDS)} s`,
  run: async () => {
    const what = batches(10, 200)
    const floor = await startFloor()
    await load(floor.url, what, { connections: WRITERS, seconds: 2 })
    const least = median((await load(floor.url, what, { connections: WRITERS, seconds: 5 })).latencies)
    await floor.stop()
    const sync = rawSync()
    return withPlatform(async (platform) => {
      await platform.aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'bench' }))
      await platform.aws.logs.send(new CreateLogStreamCommand({ logGroupName: 'bench', logStreamName: 's' }))
      await load(platform.url, what, { connections: WRITERS, seconds: 2 })
      const done = await load(platform.url, what, { connections: WRITERS, seconds: SECONDS })
      const seconds = done.perSecond.slice(0, SECONDS)
      const usual = median(seconds)
      const third = Math.floor(seconds.length / 3)
      return [
        { what: 'p50 of the floor', value: millis(least) },
        { what: 'a raw fdatasync of 4 KiB (p50)', value: millis(sync) },
        {
          what: 'p50',
          value: millis(median(done.latencies)),
          goal: `goal ≤ floor + 3 × fdatasync = ${millis(least + 3 * sync)}`,
        },
        { what: 'p99', value: millis(quantile(done.latencies, 0.99)) },
        {
          what: 'last third of the time against the first, rate',
          value: `${(median(seconds.slice(-third)) / median(seconds.slice(0, third))).toFixed(2)} ×`,
          goal: 'goal: flat (1)',
        },
        {
          what: 'seconds under a fifth of the median rate',
          value: String(seconds.filter((rate) => rate < usual * STALLED).length),
          goal: 'goal 0',
        },
      ]
    })
  },
}

/** Median milliseconds of writing 4 KiB and fdatasync, where the platform keeps its data. */
function rawSync(): number {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const file = openSync(join(directory, 'sync'), 'a')
  const block = Buffer.alloc(4_096, 1)
  const samples = Array.from({ length: 200 }, () => {
    const from = performance.now()
    writeSync(file, block)
    fdatasyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  rmSync(directory, { recursive: true })
  return median(samples)
}
