import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs'
import { setTimeout as sleep } from 'node:timers/promises'
import { load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { childrenOf, residentMegabytes } from '../lib/processes.ts'
import { type Scenario, count, ratio } from '../lib/scenario.ts'
import { batches } from './put-log-events.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60)
const CONNECTIONS = 4
const EVENTS = 10_000
/** Longest time until puts are refused while the column store stands still; it is started again when it is silent for 30 s. */
const REFUSED_SECONDS = 25

export const memory: Scenario = {
  name: 'memory',
  what: `resident memory of the platform under full batches for ${String(SECONDS)} s, and while its column store stands still`,
  run: () =>
    withPlatform(async ({ aws, url, pid }) => {
      await aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'bench' }))
      await aws.logs.send(new CreateLogStreamCommand({ logGroupName: 'bench', logStreamName: 's' }))
      const what = batches(EVENTS, 78)
      const samples: number[] = []
      const sampling = setInterval(() => samples.push(residentMegabytes(pid)), 500)
      const done = await load(url, what, { connections: CONNECTIONS, seconds: SECONDS })
      clearInterval(sampling)
      const third = Math.floor(samples.length / 3)
      const [early, late] = [Math.max(...samples.slice(third, -third)), Math.max(...samples.slice(-third))]

      const [child] = childrenOf(pid, /clickhouse/)
      if (child === undefined) throw new Error('the platform has no column store')
      process.kill(child, 'SIGSTOP')
      const refusal = await load(url, what, { connections: CONNECTIONS, seconds: REFUSED_SECONDS }).then(
        () => 'nothing was refused',
        (error: unknown) => (String(error).includes('ThrottlingException') ? 'ThrottlingException' : String(error)),
      )
      const resident = residentMegabytes(pid)
      process.kill(child, 'SIGCONT')
      await sleep(10_000)
      const after = await load(url, what, { connections: 1, seconds: 2 })
      return [
        {
          what: 'events a second',
          value: count((done.requests * EVENTS) / done.seconds),
          goal: 'goal ≥ 400,000',
        },
        { what: 'most, second third of the time', value: `${count(early)} MB` },
        { what: 'last third against the second', value: ratio(late / early), goal: 'goal: flat (1)' },
        { what: 'puts while the column store stands still', value: refusal, goal: 'goal: ThrottlingException' },
        { what: 'resident then', value: `${count(resident)} MB` },
        { what: 'puts ten seconds after it goes on', value: `${count(after.requests)} taken` },
      ]
    }),
}
