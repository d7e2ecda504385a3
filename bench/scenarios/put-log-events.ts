import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startFloor } from '../lib/floor.ts'
import { type LoadRequest, load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { cpuSeconds, ownCpuSeconds, residentMegabytes } from '../lib/processes.ts'
import { type Row, type Scenario, count, millis, ratio } from '../lib/scenario.ts'

/** The design's workloads: events a batch × bytes an event. */
const WORKLOADS = [
  { events: 10_000, bytes: 78, requests: 400 },
  { events: 1_000, bytes: 400, requests: 1_500 },
  { events: 100, bytes: 200, requests: 6_000 },
] as const
const CONNECTIONS = 4
/** Until merges in the column store have settled, so that their CPU counts too. */
const SETTLE_MILLIS = 5_000

export const putLogEvents: Scenario = {
  name: 'put-log-events',
  what: 'CPU of platform and column store per request, against node:http + SHA-256 + JSON.parse; client beside it',
  run: async () => {
    const rows: Row[] = []
    for (const workload of WORKLOADS) rows.push(...(await measure(workload)))
    return rows
  },
}

async function measure({ events, bytes, requests }: (typeof WORKLOADS)[number]): Promise<readonly Row[]> {
  const what = batches(events, bytes)
  const options = { connections: CONNECTIONS, seconds: 120, requests }
  const floor = await startFloor()
  await load(floor.url, what, { ...options, requests: Math.ceil(requests / 20) })
  const floorBefore = cpuSeconds(floor.pid)
  const least = await load(floor.url, what, options)
  const floorCpu = (cpuSeconds(floor.pid) - floorBefore) / least.requests
  await floor.stop()
  return withPlatform(async (platform) => {
    await platform.aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'bench' }))
    await platform.aws.logs.send(new CreateLogStreamCommand({ logGroupName: 'bench', logStreamName: 's' }))
    await load(platform.url, what, { ...options, requests: Math.ceil(requests / 20) })
    await sleep(SETTLE_MILLIS)
    const before = { all: cpuSeconds(platform.pid), own: ownCpuSeconds(platform.pid) }
    const done = await load(platform.url, what, options)
    const resident = residentMegabytes(platform.pid)
    await sleep(SETTLE_MILLIS)
    const cpu = (cpuSeconds(platform.pid) - before.all) / done.requests
    const own = (ownCpuSeconds(platform.pid) - before.own) / done.requests
    const name = `${count(events)} × ${String(bytes)} B`
    return [
      {
        what: `${name}: CPU against the floor`,
        value: ratio(cpu / floorCpu),
        ...(events === 10_000 ? { goal: 'goal ≤ 3.5 ×' } : {}),
      },
      {
        what: `${name}: of it the platform; the column store, merges included`,
        value: `${(own * 1_000).toFixed(1)}; ${millis((cpu - own) * 1_000)}`,
      },
      {
        what: `${name}: events a second`,
        value: count((done.requests * events) / done.seconds),
        ...(events === 10_000 ? { goal: 'goal ≥ 400,000' } : {}),
      },
      { what: `${name}: resident MB of the platform at the end`, value: count(resident) },
    ]
  })
}

/** Full batches of log-like lines; bodies are made once and only their time differs between runs. */
export function batches(events: number, bytes: number, logGroupName = 'bench'): LoadRequest {
  const timestamp = Date.now()
  const logEvents = Array.from({ length: events }, (_, index) => ({ timestamp, message: line(index, bytes) }))
  const body = Buffer.from(JSON.stringify({ logGroupName, logStreamName: 's', logEvents }))
  return {
    service: 'logs',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.PutLogEvents' },
    body: () => body,
  }
}

const line = (index: number, bytes: number): string =>
  `INFO  | queue://ORDERS.${String(index % 97)} message ${String(index * 2_654_435_761)} stored | `
    .padEnd(bytes, 'broker ')
    .slice(0, bytes)
