import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBrokerCommand, DescribeBrokerCommand } from '@aws-sdk/client-mq'
import { clients } from '@sluice/testkit/clients.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { USER, commandOf, untilRunning } from '../lib/broker.ts'
import { childrenOf } from '../lib/processes.ts'
import { type Scenario, median, millis, ratio } from '../lib/scenario.ts'

const ROUNDS = 5

/** The one that serves in a round, and the one that takes over. */
const turn = (round: number): readonly [0 | 1, 0 | 1] => (round % 2 === 0 ? [0, 1] : [1, 0])

/** An instance of the pair: how its JVM was started, and where clients find it. */
interface Instance {
  readonly command: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stomp: URL
}

export const failover: Scenario = {
  name: 'failover',
  what: 'kill -9 of the instance that serves → the other one takes connections, against the same two JVMs started by hand',
  run: async () => {
    const directory = temporaryDirectory()
    const platform = await startTestPlatform({ data: directory.path })
    const { id, instances } = await createPair(platform)
    const ours: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const [serving, other] = turn(round)
      const waits = standsBy(instances[serving])
      ours.push(await takeOver(pidOf(platform, id, serving + 1), instances[other]))
      // The platform starts the one that was killed as the new standby.
      await waits
    }
    const pids = [1, 2].map((number) => pidOf(platform, id, number))
    // Each start has secrets of its own, so the newest ones are started again.
    const [first, second] = instances.map((instance, index) => ({ ...instance, ...commandOf(pids[index] ?? 0) }))
    if (first === undefined || second === undefined) throw new Error('the pair has no two instances')
    await platform.stop('SIGUSR2')
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await sleep(1_000)

    const bare: number[] = []
    const pair = [first, second] as const
    const children = [await byHand(first, 'serves'), await byHand(second, 'stands by')]
    for (let round = 0; round < ROUNDS; round += 1) {
      const [serving, other] = turn(round)
      const child = children[serving] as ChildProcess
      const gone = once(child, 'exit')
      bare.push(await takeOver(child.pid as number, pair[other]))
      await gone
      children[serving] = await byHand(pair[serving], 'stands by')
    }
    for (const child of children) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    directory.remove()
    return [
      { what: 'under the platform (median)', value: millis(median(ours)) },
      { what: 'the same JVMs by hand (median)', value: millis(median(bare)) },
      { what: 'ratio of the medians', value: ratio(median(ours) / median(bare)), goal: 'goal: about 1 ×' },
    ]
  },
}

async function createPair(
  platform: TestPlatform,
): Promise<{ readonly id: string; readonly instances: readonly [Instance, Instance] }> {
  const aws = clients(platform.url)
  const { BrokerId: id = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: 'pair',
      DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
      EngineType: 'ACTIVEMQ',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      Users: [USER],
    }),
  )
  await untilRunning(aws, id)
  const { BrokerInstances = [] } = await aws.mq.send(new DescribeBrokerCommand({ BrokerId: id }))
  const instance = (number: number): Instance => {
    const pid = pidOf(platform, id, number)
    const endpoint = BrokerInstances[number - 1]?.Endpoints?.[2] ?? ''
    return {
      ...commandOf(pid),
      cwd: readlinkSync(`/proc/${String(pid)}/cwd`),
      stomp: new URL(endpoint.replace('stomp+ssl', 'https')),
    }
  }
  return { id, instances: [instance(1), instance(2)] }
}

function pidOf(platform: TestPlatform, id: string, number: number): number {
  const [pid] = childrenOf(platform.pid, new RegExp(`sluice.broker=${id}-${String(number)} `))
  if (pid === undefined) throw new Error(`instance ${String(number)} has no process`)
  return pid
}

async function takeOver(serving: number, other: Instance): Promise<number> {
  await sleep(1_500)
  const from = performance.now()
  process.kill(serving, 'SIGKILL')
  while (!(await takesConnections(other))) await sleep(5)
  return performance.now() - from
}

const takesConnections = ({ stomp }: Instance): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(stomp.port), stomp.hostname, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** Resolves when the instance has begun to wait once more. */
async function standsBy({ cwd }: Instance): Promise<void> {
  const before = waitsIn(cwd)
  while (waitsIn(cwd) === before) await sleep(50)
}

function waitsIn(cwd: string): number {
  const log = join(cwd, 'log')
  const files = readdirSync(log).filter((name) => name.startsWith('activemq-'))
  return files.reduce((sum, name) => sum + readFileSync(join(log, name), 'utf8').split('in slave mode').length - 1, 0)
}

async function byHand(instance: Instance, until: 'serves' | 'stands by'): Promise<ChildProcess> {
  const { command, environment, cwd } = instance
  const waits = until === 'stands by' ? standsBy(instance) : undefined
  const child = spawn(command[0] ?? 'java', command.slice(1), { cwd, env: environment, stdio: 'ignore' })
  if (waits !== undefined) await waits
  else while (!(await takesConnections(instance))) await sleep(50)
  return child
}
