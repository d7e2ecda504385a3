import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clients } from '@sluice/testkit/clients.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { commandOf, createBroker as create, untilConsole, untilRunning } from '../lib/broker.ts'
import { childrenOf } from '../lib/processes.ts'
import { type Scenario, median, millis, ratio } from '../lib/scenario.ts'

const ROUNDS = 3

/** A broker's JVM as the platform started it, to be started again by hand. */
interface Launch {
  readonly pid: number
  readonly command: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly cwd: string
  readonly url: string
}

export const createBroker: Scenario = {
  name: 'create-broker',
  what: 'CreateBroker → console answering, against the same JVM with the same flags started by hand',
  run: async () => {
    const directory = temporaryDirectory()
    const platform = await startTestPlatform({ data: directory.path })
    const launches: Launch[] = []
    const ours: number[] = []
    // The first one installs the engine and warms caches; brokers that were made stay and idle.
    for (const name of ['warm', ...Array.from({ length: ROUNDS }, (_, round) => `round-${String(round)}`)]) {
      const { took, launch } = await createOn(platform, name)
      if (name !== 'warm') ours.push(took)
      launches.push(launch)
    }
    await platform.stop('SIGUSR2')
    for (const { pid } of launches) process.kill(pid, 'SIGKILL')
    const bare: number[] = []
    for (const launch of launches.slice(1)) bare.push(await startByHand(launch))
    directory.remove()
    return [
      { what: 'CreateBroker → console answering (median)', value: millis(median(ours)) },
      { what: 'the same JVM by hand (median)', value: millis(median(bare)) },
      { what: 'ratio of the medians', value: ratio(median(ours) / median(bare)), goal: 'goal ≤ 1.1 ×' },
    ]
  },
}

async function createOn(
  platform: TestPlatform,
  name: string,
): Promise<{ readonly took: number; readonly launch: Launch }> {
  const aws = clients(platform.url)
  await sleep(2_000)
  const from = performance.now()
  const id = await create(aws, name, false)
  const url = await untilRunning(aws, id)
  await untilConsole(url)
  const took = performance.now() - from
  const [pid] = childrenOf(platform.pid, new RegExp(`java.*${id}`))
  if (pid === undefined) throw new Error(`broker ${id} has no process`)
  return { took, launch: { ...commandOf(pid), pid, cwd: readlinkSync(`/proc/${String(pid)}/cwd`), url } }
}

/** The very same command in the same directory, with an empty store as at creation. */
async function startByHand({ command, environment, cwd, url }: Launch): Promise<number> {
  rmSync(join(cwd, 'data', 'kahadb'), { recursive: true, force: true })
  const from = performance.now()
  const child = spawn(command[0] ?? 'java', command.slice(1), { cwd, env: environment, stdio: 'ignore' })
  await untilConsole(url)
  const took = performance.now() - from
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  return took
}
