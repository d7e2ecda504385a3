import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'
import { instanceKey } from '#services/mq/testing/world.ts'

let bench: Bench
let life: Life

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
})
afterEach(() => bench.close())

const PAIR = { DeploymentMode: 'active_standby_multi_az', Logs: { General: true, Audit: true } }
const KILLED = { code: null, signal: 'SIGKILL', lastOutput: '' }
const numbers = () => bench.world.starts.map(({ instance }) => instance)

async function pair(): Promise<string> {
  const brokerId = await create(life, bench.contextOf(), PAIR)
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}

test('a pair is two instances on one store, each with an address and streams of its own', async () => {
  const brokerId = await pair()
  expect(bench.world.starts.map(({ instance, instances }) => ({ instance, instances }))).toEqual([
    { instance: 1, instances: [1, 2] },
    { instance: 2, instances: [1, 2] },
  ])
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(described.DeploymentMode).toBe('ACTIVE_STANDBY_MULTI_AZ')
  expect(described.BrokerInstances?.map(({ ConsoleURL, Endpoints }) => [ConsoleURL, Endpoints?.[0]])).toEqual([
    ['https://127.17.0.1:8162', 'ssl://127.17.0.1:61617'],
    ['https://127.17.0.2:8162', 'ssl://127.17.0.2:61617'],
  ])
  expect([...life.deliveries.specs.keys()]).toEqual(
    [1, 2].flatMap((n) => [`mq/${brokerId}/${String(n)}/general`, `mq/${brokerId}/${String(n)}/audit`]),
  )
  expect(bench.world.lines(brokerId, 'general', 1)).toEqual(['start 1'])
  expect(bench.world.lines(brokerId, 'general', 2)).toEqual(['start 2'])
})

test('an instance that ends is started again beside the other one, which is left alone', async () => {
  const brokerId = await pair()
  const other = bench.world.processes.get(instanceKey(brokerId, 2))?.pid
  bench.world.end(brokerId, KILLED)
  await bench.until(brokerId, () => bench.world.starts.length === 3)
  expect(numbers()).toEqual([1, 2, 1])
  expect(bench.world.processes.get(instanceKey(brokerId, 2))?.pid).toBe(other)
  expect((await bench.read(brokerId))?.state).toBe('RUNNING')
})

test('a new life of the platform adopts both, or the one that is left', async () => {
  const brokerId = await pair()
  await life.reconciler.close({ keepBrokers: true })
  life = bench.live()
  await life.reconciler.start()
  await bench.until(brokerId, () => life.deliveries.specs.size === 4)
  expect(numbers()).toEqual([1, 2])
  await life.reconciler.close({ keepBrokers: true })
  bench.world.end(instanceKey(brokerId, 2), KILLED)
  life = bench.live()
  await life.reconciler.start()
  await bench.until(brokerId, () => bench.world.starts.length === 3)
  expect(numbers()).toEqual([1, 2, 2])
})

test('a reboot applies what is pending to both', async () => {
  const brokerId = await pair()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  expect(bench.world.starts.slice(2).map(({ instance, hostInstanceType }) => [instance, hostInstanceType])).toEqual([
    [1, 'mq.t3.micro'],
    [2, 'mq.t3.micro'],
  ])
})

test('when the second instance refuses pending settings, both go back to the last good ones', async () => {
  const brokerId = await pair()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  bench.world.troubles.starts.push(
    () => undefined,
    () => 'too small',
  )
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  for (const n of [1, 2])
    expect(bench.world.processes.get(instanceKey(brokerId, n))?.spec.hostInstanceType).toBe('mq.m5.large')
})

/** Of a pair, the instance that runs longer has the store; only it answers. */
const serving = (brokerId: string): number => {
  const pids = [1, 2].map((n) => bench.world.processes.get(instanceKey(brokerId, n))?.pid ?? Infinity)
  return pids[0] !== undefined && pids[1] !== undefined && pids[0] <= pids[1] ? 1 : 2
}

async function answering(): Promise<void> {
  await life.reconciler.close()
  life = bench.live({
    engine: (engine) => ({
      ...engine,
      readMetrics: async (brokerId, instance) =>
        instance === serving(brokerId) ? { gauges: {}, destinations: [] } : undefined,
    }),
  })
  await life.reconciler.start()
}

test('a reboot restarts the standby, hands over to it, and restarts the other: one of them is always there', async () => {
  await answering()
  const brokerId = await pair()
  expect(serving(brokerId)).toBe(1)
  const least: number[] = []
  bench.world.troubles.starts.push(
    ...Array.from({ length: 2 }, () => () => void least.push(bench.world.processes.size)),
  )
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  expect(numbers()).toEqual([1, 2, 2, 1])
  expect(least).toEqual([1, 1])
  expect(serving(brokerId)).toBe(2)
  for (const n of [1, 2])
    expect(bench.world.processes.get(instanceKey(brokerId, n))?.spec.hostInstanceType).toBe('mq.t3.micro')
})

test('settings that the standby refuses do not touch the instance that serves', async () => {
  await answering()
  const brokerId = await pair()
  const before = bench.world.processes.get(brokerId)?.pid
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  bench.world.troubles.starts.push(() => 'too small')
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const record = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(record?.problem).toMatchObject({
    kind: 'settings-refused',
    reason: expect.stringContaining('too small') as string,
  })
  expect(bench.world.processes.get(brokerId)?.pid).toBe(before)
  expect(bench.world.processes.get(instanceKey(brokerId, 2))?.spec.hostInstanceType).toBe('mq.m5.large')
})

test('a standby that ends when it is to take over: both go back to the last good settings', async () => {
  await answering()
  const brokerId = await pair()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  bench.world.onEnd = (process) => {
    const standby = instanceKey(brokerId, 2)
    const isNew = bench.world.processes.get(standby)?.spec.hostInstanceType === 'mq.t3.micro'
    if (process === brokerId && isNew)
      bench.world.end(standby, { code: 1, signal: null, lastOutput: 'RedeliveryPlugin' })
  }
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const record = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(record?.problem?.reason).toContain('RedeliveryPlugin')
  for (const n of [1, 2])
    expect(bench.world.processes.get(instanceKey(brokerId, n))?.spec.hostInstanceType).toBe('mq.m5.large')
})

test('logs are switched only while both stand still', async () => {
  await answering()
  const brokerId = await pair()
  const least: number[] = []
  bench.world.troubles.starts.push(() => void least.push(bench.world.processes.size))
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: false } }, bench.contextOf())
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  expect(least).toEqual([0])
  expect((await bench.read(brokerId))?.delivering).toEqual({ general: true, audit: false })
})

test('a creation of which one half fails leaves no process', async () => {
  bench.world.troubles.starts.push(
    () => undefined,
    () => 'port 61617 is taken',
  )
  const brokerId = await create(life, bench.contextOf(), PAIR)
  await bench.untilState(brokerId, 'CREATION_FAILED')
  expect(bench.world.processes.size).toBe(0)
})

test('deleting a pair stops both and brings the last lines of both', async () => {
  const brokerId = await pair()
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect(bench.world.processes.size).toBe(0)
  for (const n of [1, 2]) expect(bench.world.lines(brokerId, 'general', n).at(-1)).toBe('shutdown')
})

test('closing the platform stops both, also when they were never taken over', async () => {
  const brokerId = await pair()
  await life.reconciler.close({ keepBrokers: true })
  const never = bench.live({ engine: (engine) => ({ ...engine, adopt: () => new Promise(() => {}) }) })
  void never.reconciler.start()
  await life.reconciler.close()
  expect(bench.world.processes.size).toBe(0)
  expect((await bench.read(brokerId))?.state).toBe('RUNNING')
  never.kill()
})
