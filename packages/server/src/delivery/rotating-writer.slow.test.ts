import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SystemClock } from '#kernel/clock.ts'
import { BrokerLogs, deliveriesTo, until } from '#delivery/testing/broker-logs.ts'
import { FarEnd, throttled } from '#delivery/testing/far-end.ts'

const WRITER = fileURLToPath(new URL('testing/rotating-writer.ts', import.meta.url))
const RUNS = 6
const PLATFORM_LIVES = 4

/** Lets a writer run for a while, kills it, and answers how many lines it surely wrote. */
async function writeAndKill(logs: BrokerLogs, run: number, millis: number): Promise<number> {
  const writer: ChildProcess = spawn(process.execPath, [WRITER, logs.directory, logs.prefix, String(run), '20000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = 0
  writer.stdout?.on('data', (data: Buffer) => {
    lines = Number(data.toString().trim().split('\n').at(-1))
  })
  await until(() => lines > 0, 'the first line of a writer')
  await new Promise((resolve) => setTimeout(resolve, millis))
  const exited = once(writer, 'exit')
  writer.kill('SIGKILL')
  await exited
  return lines
}

/** Numbers of the lines of each run, in order of arrival. A torn event ends up in one message with the next one. */
function arrivedLines(farEnd: FarEnd): Map<string, number[]> {
  const runs = new Map<string, number[]>()
  for (const message of farEnd.messages()) {
    for (const [, run = '', line] of message.matchAll(/run (\d+) line (\d+) x* end/g)) {
      const lines = runs.get(run) ?? []
      lines.push(Number(line))
      runs.set(run, lines)
    }
  }
  return runs
}

test('no line of a writer that rotates and is killed is lost, doubled or out of order, while files are deleted and the platform restarts', async () => {
  const logs = new BrokerLogs()
  const clock = new SystemClock()
  const farEnd = new FarEnd(clock)
  let calls = 0
  // Every so often an answer is lost, or a call is refused.
  farEnd.fault = (operation) => {
    calls += 1
    if (operation !== 'PutLogEvents' || calls % 7 !== 0) return undefined
    return { error: throttled(), when: calls % 2 === 0 ? 'before' : 'after' }
  }
  const over = new AbortController()
  const platform = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const deliveries = deliveriesTo(farEnd, { clock, limits: { pollMillis: 1_000, lingerMillis: 2 } })
      deliveries.start(logs.spec())
      await new Promise((resolve) => setTimeout(resolve, 2_000 / PLATFORM_LIVES))
      await deliveries.close()
    }
  }
  const running = platform()
  const surely: number[] = []
  for (let run = 1; run <= RUNS; run += 1) surely.push(await writeAndKill(logs, run, 250 + run * 50))
  // A last writer completes what the one before left torn.
  await writeAndKill(logs, RUNS + 1, 50)
  const written = surely.reduce((total, lines) => total + lines, 0)
  await until(
    () =>
      [...arrivedLines(farEnd)].filter(([run]) => Number(run) <= RUNS).flatMap(([, lines]) => lines).length >= written,
    'arrival of all lines',
  )
  over.abort()
  await running
  const runs = arrivedLines(farEnd)
  for (const [index, lines] of surely.entries()) {
    const arrived = runs.get(String(index + 1)) ?? []
    expect(arrived.length).toBeGreaterThanOrEqual(lines)
    expect(arrived).toEqual(Array.from({ length: arrived.length }, (_, line) => line))
  }
  const times = (farEnd.streams.get('/g/s') ?? []).map(({ timestamp }) => timestamp)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(readdirSync(logs.directory).length, 'delivered files are gone').toBeLessThan(4)
  logs.remove()
})
