import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { clients } from '@sluice/testkit/clients.ts'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { commandOf, createBroker as create, untilConsole, untilRunning } from '../lib/broker.ts'
import { childrenOf } from '../lib/processes.ts'
import { type Scenario, median, millis, ratio } from '../lib/scenario.ts'

const ROUNDS = 3

/** A broker's JVM as the platform started it, to be started again by hand. */
interface Launch {
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
    // The first one installs the engine and warms the file cache.
    await createOnPlatform(directory.path, 'warm')
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const { took, launch } = await createOnPlatform(directory.path, `round-${String(round)}`)
      ours.push(took)
      bare.push(await startByHand(launch))
    }
    directory.remove()
    return [
      { what: 'CreateBroker → console answering (median)', value: millis(median(ours)) },
      { what: 'the same JVM by hand (median)', value: millis(median(bare)) },
      {
        what: 'ratio (median of pairs)',
        value: ratio(median(ours.map((value, round) => value / (bare[round] ?? Number.NaN)))),
        goal: 'goal ≤ 1.1 ×',
      },
    ]
  },
}

async function createOnPlatform(
  data: string,
  name: string,
): Promise<{ readonly took: number; readonly launch: Launch }> {
  const platform = await startTestPlatform({ data })
  const aws = clients(platform.url)
  const from = performance.now()
  const id = await create(aws, name, false)
  const url = await untilRunning(aws, id)
  await untilConsole(url)
  const took = performance.now() - from
  const [pid] = childrenOf(platform.pid, new RegExp(`java.*${id}`))
  if (pid === undefined) throw new Error(`broker ${id} has no process`)
  const launch = { ...commandOf(pid), cwd: readlinkSync(`/proc/${String(pid)}/cwd`), url }
  await platform.stop('SIGUSR2')
  process.kill(pid, 'SIGKILL')
  return { took, launch }
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
