import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FilterLogEventsCommand, PutResourcePolicyCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { Clients } from '@sluice/testkit/clients.ts'
import { createBroker, untilRunning } from '../lib/broker.ts'
import { LOG_POLICY } from '../lib/log-policy.ts'
import { withPlatform } from '../lib/platform.ts'
import { cpuSeconds } from '../lib/processes.ts'
import { type Scenario, count, ratio } from '../lib/scenario.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 30)
const RATE = 20_000
const TICK_MILLIS = 50
/** Ends an event in a broker's log file. */
const END = '\u001E\n'
const PATIENCE_SECONDS = 120

export const brokerFlood: Scenario = {
  name: 'broker-flood',
  what: `${count(RATE)} lines a second for ${String(SECONDS)} s in the log file of a broker that runs, appended there beside its own: delivered, and what that costs`,
  run: () =>
    withPlatform(async ({ aws, pid, data }) => {
      await aws.logs.send(
        new PutResourcePolicyCommand({ policyName: 'bench', policyDocument: JSON.stringify(LOG_POLICY) }),
      )
      const id = await createBroker(aws, 'flood', true)
      await untilRunning(aws, id)
      await sleep(3_000)
      const file = join(data, 'brokers', id, '1', 'log', 'activemq-1.log')
      const before = cpuSeconds(pid)
      const from = performance.now()
      const { lines, took } = await flood(file, from)
      const behind = await untilDelivered(aws, id, lines - 1)
      const used = cpuSeconds(pid) - before
      const { once, missing, doubled } = await delivered(aws, id, lines)
      const floor = floorSeconds(file)
      return [
        { what: 'lines a second', value: count(lines / took), goal: `goal ≥ ${count(RATE)}` },
        {
          what: 'delivered once; missing; doubled',
          value: `${count(once)}; ${count(missing)}; ${count(doubled)}`,
          goal: 'goal: all; 0; 0',
        },
        { what: 'the last one after the end', value: `${behind.toFixed(1)} s` },
        {
          what: 'CPU of platform and column store, of one core',
          value: `${((100 * used) / (took + behind)).toFixed(0)} %; ${((1e6 * used) / lines).toFixed(1)} µs a line`,
        },
        { what: '… against reading the file and finding its lines in Node', value: ratio(used / floor) },
      ]
    }),
}

const text = (number: number): string =>
  `${new Date().toISOString().replace('T', ' ').replace('.', ',').slice(0, 23)} | INFO  | flood ${String(number)} of a line as long as a broker's usual ones, with its logger | org.apache.activemq.broker.TransportConnection | ActiveMQ BrokerService[flood] Task-${String(number % 50)}`

/** Appends whole events, a tick's at once, as the broker's own append does; answers how many, in how many seconds. */
async function flood(file: string, from: number): Promise<{ readonly lines: number; readonly took: number }> {
  let lines = 0
  let took = 0
  for (let elapsed = 0; elapsed < SECONDS * 1_000; elapsed = performance.now() - from) {
    const due = Math.floor((RATE * (elapsed + TICK_MILLIS)) / 1_000)
    const now = String(Date.now())
    let events = ''
    for (; lines < due; lines += 1) events += `${now} ${text(lines)}${END}`
    appendFileSync(file, events)
    took = (performance.now() - from) / 1_000
    await sleep(TICK_MILLIS)
  }
  return { lines, took }
}

const groupOf = (id: string): string => `/aws/amazonmq/broker/${id}/general`

async function untilDelivered(aws: Clients, id: string, last: number): Promise<number> {
  const from = performance.now()
  for (;;) {
    const { events = [] } = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: groupOf(id), filterPattern: `"flood ${String(last)} of"` }),
    )
    const waited = (performance.now() - from) / 1_000
    if (events.length > 0) return waited
    if (waited > PATIENCE_SECONDS) throw new Error('the last line did not arrive')
    await sleep(200)
  }
}

async function delivered(
  aws: Clients,
  id: string,
  lines: number,
): Promise<{ readonly once: number; readonly missing: number; readonly doubled: number }> {
  const seen = new Uint8Array(lines)
  let nextToken: string | undefined
  do {
    const page = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: groupOf(id), ...(nextToken === undefined ? {} : { nextToken }) }),
    )
    for (const { message = '' } of page.events ?? []) {
      const number = Number(/\| flood (\d+) of/.exec(message)?.[1] ?? -1)
      if (number >= 0) seen[number] = Math.min(2, (seen[number] ?? 0) + 1)
    }
    ;({ nextToken } = page)
  } while (nextToken !== undefined)
  const of = (times: number): number => seen.reduce((sum, each) => sum + Number(each === times), 0)
  return { once: of(1), missing: of(0), doubled: of(2) }
}

function floorSeconds(file: string): number {
  const { user, system } = process.cpuUsage()
  const found = readFileSync(file, 'utf8').split(END).length
  const used = process.cpuUsage({ user, system })
  if (found === 0) throw new Error('the file is empty')
  return (used.user + used.system) / 1e6
}
