import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type RequestHead, identify } from '@sluice/wire'
import { startFloor, startWire } from '../lib/floor.ts'
import { type LoadRequest, load } from '../lib/load.ts'
import { cpuSeconds } from '../lib/processes.ts'
import { type Row, type Scenario, median, millis, ratio } from '../lib/scenario.ts'

const SIZES = [
  { events: 1, requests: 6_000 },
  { events: 100, requests: 4_000 },
  { events: 10_000, requests: 200 },
]
const ROUNDS = 3

export const wire: Scenario = {
  name: 'wire',
  what: 'a signed PutLogEvents routed, verified, read, checked and answered, against the floor; models and routing',
  run: async () => {
    const [floor, measured] = [await startFloor(), await startWire()]
    const rows: Row[] = []
    for (const { events, requests } of SIZES) {
      const call = putLogEvents(events)
      const rounds: number[] = []
      await cpuPerRequest(floor, call, requests / 4)
      await cpuPerRequest(measured, call, requests / 4)
      // In turn, so that a change of the machine's speed meets both.
      for (let round = 0; round < ROUNDS; round += 1) {
        const least = await cpuPerRequest(floor, call, requests)
        rounds.push((await cpuPerRequest(measured, call, requests)) / least)
      }
      rows.push({
        what: `CPU of a request with ${String(events)} events`,
        value: `${ratio(median(rounds))} floor`,
        goal: 'goal ≤ 1.7 ×',
      })
    }
    await Promise.all([floor.stop(), measured.stop()])
    return [...rows, coldStart(), routing()]
  },
}

function putLogEvents(events: number): LoadRequest {
  const logEvents = Array.from({ length: events }, (_, index) => ({
    timestamp: 1_763_715_600_000 + index,
    message: `2026-11-21 10:00:00,123 | INFO  | event ${String(index)} of the broker, as long as a usual line`,
  }))
  const body = Buffer.from(
    JSON.stringify({ logGroupName: '/aws/amazonmq/broker/b-1/general', logStreamName: 's', logEvents }),
  )
  return {
    service: 'logs',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.PutLogEvents' },
    body: () => body,
  }
}

async function cpuPerRequest(
  { pid, url }: { readonly pid: number; readonly url: string },
  call: LoadRequest,
  requests: number,
): Promise<number> {
  const before = cpuSeconds(pid)
  const done = await load(url, call, { connections: 4, seconds: 60, requests })
  return (cpuSeconds(pid) - before) / done.requests
}

/** Reading and parsing the models of all services, in a fresh process; their readers are compiled on first use. */
function coldStart(): Row {
  const script = fileURLToPath(new URL('../lib/load-models.ts', import.meta.url))
  const times = Array.from({ length: 5 }, () => Number(execFileSync(process.execPath, [script], { encoding: 'utf8' })))
  return { what: 'cold start of all models', value: millis(median(times)), goal: 'goal ≤ 60 ms' }
}

/** The first service of the catalogue against the last one. */
function routing(): Row {
  const first = nanosToIdentify('Logs_20140328.PutLogEvents')
  const last = nanosToIdentify('secretsmanager.GetSecretValue')
  return {
    what: 'routing to the last JSON service against the first',
    value: ratio(last / first),
    goal: 'goal about 1 ×',
  }
}

function nanosToIdentify(target: string): number {
  const head: RequestHead = { method: 'POST', rawUrl: '/', headers: { 'x-amz-target': target } }
  const body = new Uint8Array()
  const times = Array.from({ length: 7 }, () => {
    const from = performance.now()
    for (let turn = 0; turn < 200_000; turn += 1)
      if (identify(head, body).kind !== 'operation') throw new Error(`${target} is not known`)
    return performance.now() - from
  })
  return Math.min(...times)
}
