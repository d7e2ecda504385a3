import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { DescribeBrokerCommand } from '@aws-sdk/client-mq'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { activemqConsole } from '@sluice/cli/activemq-console'
import { stompSend, stompTakeUntil } from '@sluice/testkit/broker-clients.ts'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { BROKER_USER, createBroker, groupOf, instancePid, messagesOf, putLogPolicy, untilRunning } from './brokers.ts'

/** `npm run soak` sets a hundred. */
const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 3)
const WRITERS = 4
const GROUP = 'crash'
const VICTIMS = ['platform', 'column store', 'both'] as const

const directory = temporaryDirectory()
let port: number
let platform: TestPlatform
let aws: Clients
let brokerId: string

beforeAll(async () => {
  port = await freePort()
  await start()
})
afterAll(async () => {
  await platform.stop()
  directory.remove()
})

async function start(): Promise<void> {
  platform = await startTestPlatform({ data: directory.path, port })
  aws = clients(platform.url)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port: free } = server.address() as { port: number }
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return free
}

/** The platform's column-store child: a Node process among its children. */
function columnStorePid(): number {
  const children = readFileSync(`/proc/${String(platform.pid)}/task/${String(platform.pid)}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)
  const found = children.find((pid) => /column|clickhouse/.test(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')))
  if (found === undefined) throw new Error('the column store has no process')
  return found
}

/** Puts batches of 1 to 20 events until told to stop; keeps what was acknowledged apart from what has no answer. */
async function write(
  writer: number,
  acknowledged: Set<string>,
  unanswered: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  for (let batch = 0; !signal.aborted; batch += 1) {
    const messages = Array.from(
      { length: 1 + ((batch * 7) % 20) },
      (_, index) => `w${String(writer)} r${String(round)} b${String(batch)} ${String(index)}`,
    )
    const timestamp = Date.now()
    try {
      await aws.logs.send(
        new PutLogEventsCommand({
          logGroupName: GROUP,
          logStreamName: `s${String(writer)}`,
          logEvents: messages.map((message) => ({ timestamp, message })),
        }),
      )
      for (const message of messages) acknowledged.add(message)
    } catch {
      for (const message of messages) unanswered.add(message)
      await sleep(20)
    }
  }
}

let round = 0

test(
  `kill -9 at random moments, ${String(ROUNDS)} rounds: every acknowledged event and every broker line is there exactly once`,
  async () => {
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }))
    for (let writer = 0; writer < WRITERS; writer += 1)
      await aws.logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: `s${String(writer)}` }))
    await putLogPolicy(aws.logs)
    const { id } = await createBroker(aws.mq, 'crash')
    brokerId = id
    await untilRunning(aws.mq, id)
    const { BrokerInstances } = await aws.mq.send(new DescribeBrokerCommand({ BrokerId: id }))
    const caPem = await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
    const operator = activemqConsole({
      consoleUrl: BrokerInstances?.[0]?.ConsoleURL ?? '',
      username: BROKER_USER.Username,
      password: BROKER_USER.Password,
      caPem,
    })

    const acknowledged = new Set<string>()
    const unanswered = new Set<string>()
    const queues: string[] = []
    for (round = 0; round < ROUNDS; round += 1) {
      const stop = new AbortController()
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        write(writer, acknowledged, unanswered, stop.signal),
      )
      const managing = (async (): Promise<void> => {
        for (let action = 0; !stop.signal.aborted; action += 1) {
          const queue = `Q.${String(round)}.${String(action)}`
          await operator.createQueue(queue)
          queues.push(queue)
        }
      })()
      await sleep(500 + Math.random() * 2_000)
      const victim = VICTIMS[round % VICTIMS.length]
      if (victim !== 'platform') process.kill(columnStorePid(), 'SIGKILL')
      if (victim !== 'column store') {
        await platform.kill()
        await start()
      }
      await sleep(1_000)
      stop.abort()
      await Promise.all([...writers, managing])
    }

    const counts = await countMessages()
    for (const message of acknowledged) expect(counts.get(message), message).toBe(1)
    for (const [message, count] of counts)
      expect([message, count, acknowledged.has(message) || unanswered.has(message)]).toEqual([message, 1, true])
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * 100)

    const created = (lines: readonly string[], queue: string): number =>
      lines.filter((line) => line.includes('createDestination.action') && line.includes(`'[${queue}]'`)).length
    const last = queues.at(-1) ?? ''
    const audit = await eventually(
      'the last audit line',
      30,
      () => messagesOf(aws.logs, groupOf(id, 'audit')),
      (lines) => created(lines, last) > 0,
    )
    for (const queue of queues) expect(created(audit, queue), queue).toBe(1)
    expect(queues.length).toBeGreaterThan(ROUNDS)
    // In the order in which the operator did it, too.
    const order = audit.flatMap((line) => /JMSDestination='\[(Q\.[\d.]+)\]'/.exec(line)?.[1] ?? [])
    expect(order).toEqual(queues)
  },
  60_000 + ROUNDS * 60_000,
)

/** One after the other, so that the platform, whose memory of failures ends with it, never waits long before a start. */
const CRASHES = ['broker', 'platform', 'both'] as const
/** Each of them takes a start of the broker. */
const CRASH_ROUNDS = Math.min(ROUNDS, 20)

test(
  `kill -9 of broker, platform and both while messages come, ${String(CRASH_ROUNDS)} rounds each: no confirmed message and no log line is lost or doubled`,
  async () => {
    const { BrokerInstances } = await aws.mq.send(new DescribeBrokerCommand({ BrokerId: brokerId }))
    const stomp = BrokerInstances?.[0]?.Endpoints?.[2] ?? ''
    const ca = await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
    const login = { username: BROKER_USER.Username, password: BROKER_USER.Password }
    const confirmed = new Set<string>()
    const sent = new Set<string>()
    const send = async (text: string): Promise<void> => {
      sent.add(text)
      await stompSend(stomp, ca, login, 'CRASHES', text)
      confirmed.add(text)
    }

    for (let crash = 0; crash < CRASH_ROUNDS * CRASHES.length; crash += 1) {
      const stop = new AbortController()
      const sending = (async (): Promise<void> => {
        for (let count = 0; !stop.signal.aborted; count += 1)
          await send(`${String(crash)} ${String(count)}`).catch(() => sleep(20))
      })()
      await sleep(300 + Math.random() * 1_200)
      const victim = CRASHES[crash % CRASHES.length]
      if (victim !== 'platform') process.kill(instancePid(directory.path, brokerId, 1), 'SIGKILL')
      if (victim !== 'broker') {
        await platform.kill()
        await start()
      }
      let tries = 0
      await eventually(
        'the broker takes messages again',
        60,
        () => send(`${String(crash)} again ${String((tries += 1))}`),
        () => true,
      )
      stop.abort()
      await sending
    }
    await send('the last one')

    const taken = await stompTakeUntil(stomp, ca, login, 'CRASHES', 'the last one')
    expect(taken.length).toBe(new Set(taken).size)
    expect([...confirmed].filter((text) => !taken.includes(text))).toEqual([])
    expect(taken.filter((text) => !sent.has(text))).toEqual([])
    expect(confirmed.size).toBeGreaterThan(CRASH_ROUNDS * CRASHES.length * 5)

    for (const [log, prefixes] of [
      ['general', ['activemq']],
      ['audit', ['audit', 'security']],
    ] as const) {
      const { delivered, written } = await eventually(
        `every line of the ${log} log`,
        30,
        async () => ({
          delivered: await messagesOf(aws.logs, groupOf(brokerId, log)),
          written: prefixes.flatMap(linesOf),
        }),
        (lines) => lines.delivered.length >= lines.written.length,
      )
      expect(delivered.toSorted(byText)).toEqual(written.toSorted(byText))
    }
  },
  60_000 + CRASH_ROUNDS * CRASHES.length * 60_000,
)

const byText = (one: string, other: string): number => Number(one > other) - Number(one < other)

/** What the broker wrote to the files of a log, each event without its time; they are too small to be followed by others. */
function linesOf(prefix: string): readonly string[] {
  const log = join(directory.path, 'brokers', brokerId, '1', 'log')
  expect(readdirSync(log).filter((name) => name.startsWith(`${prefix}-`))).toEqual([`${prefix}-1.log`])
  const events = readFileSync(join(log, `${prefix}-1.log`), 'utf8').split('\u001E\n')
  return events.filter((event) => event !== '').map((event) => event.slice(event.indexOf(' ') + 1))
}

async function countMessages(): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  let nextToken: string | undefined
  do {
    const page = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: GROUP, ...(nextToken === undefined ? {} : { nextToken }) }),
    )
    for (const { message = '' } of page.events ?? []) counts.set(message, (counts.get(message) ?? 0) + 1)
    ;({ nextToken } = page)
  } while (nextToken !== undefined)
  return counts
}
