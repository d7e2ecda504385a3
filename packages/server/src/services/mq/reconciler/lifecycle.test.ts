import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { keptConfiguration } from '#services/mq/configuration/read-configuration.ts'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }

test('CreateBroker answers at once and the broker is RUNNING when its process is ready', async () => {
  const brokerId = await create(life, bench.contextOf())
  const record = await bench.untilState(brokerId, 'RUNNING')
  expect(record?.applied).toEqual(record?.desired)
  expect(bench.world.installed).toContain('5.18.3')
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(described.BrokerInstances).toEqual([
    {
      ConsoleURL: 'https://127.17.0.1:8162',
      Endpoints: [
        'ssl://127.17.0.1:61617',
        'amqp+ssl://127.17.0.1:5671',
        'stomp+ssl://127.17.0.1:61614',
        'mqtt+ssl://127.17.0.1:8883',
        'wss://127.17.0.1:61619',
      ],
      IpAddress: '127.17.0.1',
    },
  ])
})

test('the engine is given the opened passwords, the groups and the log switches', async () => {
  const brokerId = await create(life, bench.contextOf(), {
    ...both,
    Users: [{ Username: 'admin', Password: 'correct horse battery', Groups: ['admins'], ConsoleAccess: true }],
  })
  await bench.untilState(brokerId, 'RUNNING')
  expect(bench.world.starts).toEqual([
    {
      brokerId,
      instance: 1,
      instances: [1],
      brokerName: 'MyBroker',
      engineVersion: '5.18.3',
      hostInstanceType: 'mq.m5.large',
      users: [{ username: 'admin', password: 'correct horse battery', groups: ['admins'], consoleAccess: true }],
      logs: { general: true, audit: true, security: false },
      configuration: keptConfiguration(DEFAULT_CONFIGURATION),
    },
  ])
})

test('a broker that cannot be installed ends in CREATION_FAILED with the reason', async () => {
  bench.world.troubles.installs.push('No Java was found. Install Java 17.')
  const brokerId = await create(life, bench.contextOf())
  const record = await bench.untilState(brokerId, 'CREATION_FAILED')
  expect(record?.problem).toMatchObject({ kind: 'creation-failed', reason: 'No Java was found. Install Java 17.' })
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(described.ActionsRequired).toEqual([
    { ActionRequiredCode: 'BROKER_CREATION_FAILED', ActionRequiredInfo: 'No Java was found. Install Java 17.' },
  ])
})

test('a broker that does not start ends in CREATION_FAILED and leaves no process', async () => {
  bench.world.troubles.starts.push(() => 'port 61617 is taken')
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'CREATION_FAILED')
  expect(bench.world.processes.size).toBe(0)
  expect(life.deliveries.specs.size).toBe(0)
})

test('a broker whose creation failed can be deleted, and its name is free again', async () => {
  bench.world.troubles.starts.push(() => 'port 61617 is taken')
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'CREATION_FAILED')
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect(bench.world.removed).toEqual([brokerId])
  await bench.untilState(await create(life, bench.contextOf()), 'RUNNING')
})

test('RebootBroker flips the state before it answers, so that no waiter sees the RUNNING from before', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  const seen: (string | undefined)[] = []
  const unwatch = bench.store.watch(() => void bench.read(brokerId).then((record) => seen.push(record?.state)))
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  unwatch()
  expect(seen[0]).toBe('REBOOT_IN_PROGRESS')
  expect(bench.world.starts).toHaveLength(2)
})

test('after a restart of the platform a broker is not called RUNNING before its process is there again', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await life.reconciler.close()
  const next = bench.live()
  const stateOf = async (): Promise<string | undefined> =>
    (await run(next, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())).BrokerState
  expect(await stateOf()).toBe('RUNNING')
  await next.reconciler.start()
  expect(await stateOf()).toBe('REBOOT_IN_PROGRESS')
  const { BrokerSummaries } = await run(next, 'ListBrokers', {}, bench.contextOf())
  expect(BrokerSummaries).toMatchObject([{ BrokerState: 'REBOOT_IN_PROGRESS' }])
  await expect.poll(stateOf).toBe('RUNNING')
  expect(bench.world.starts).toHaveLength(2)
})

test('a reboot applies what was pending, and not before', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true } }, bench.contextOf())
  const pending = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(pending.Logs).toMatchObject({ General: false, Audit: false, Pending: { General: true, Audit: false } })
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  const applied = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(applied.Logs).toMatchObject({ General: true, Audit: false })
  expect(applied.Logs?.Pending).toBeUndefined()
  expect(bench.world.starts.map(({ logs }) => logs.general)).toEqual([false, true])
})

test('DeleteBroker stops the broker, delivers its last lines, removes its files and only then forgets it; groups stay', async () => {
  const brokerId = await create(life, bench.contextOf(), both)
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect(bench.world.processes.size).toBe(0)
  expect(bench.world.removed).toEqual([brokerId])
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown'])
  expect(bench.logs.groups).toEqual(
    new Set([`/aws/amazonmq/broker/${brokerId}/general`, `/aws/amazonmq/broker/${brokerId}/audit`]),
  )
  expect(life.deliveries.specs.size).toBe(0)
})

test('a broker that ends by itself is started again and stays RUNNING', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.end(brokerId, { code: 137, signal: null, lastOutput: 'OutOfMemoryError' })
  await bench.until(brokerId, () => bench.world.starts.length === 2)
  expect((await bench.read(brokerId))?.state).toBe('RUNNING')
})

test('a broker that keeps failing is CRITICAL_ACTION_REQUIRED with the reason, and RUNNING again once it starts', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.troubles.starts.push(...Array.from({ length: 4 }, () => () => 'the message store cannot be read'))
  bench.world.end(brokerId, { code: 1, signal: null, lastOutput: '' })
  const critical = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(critical?.problem).toMatchObject({ kind: 'not-running', reason: 'the message store cannot be read' })
  const running = await bench.untilState(brokerId, 'RUNNING')
  expect(running).not.toHaveProperty('problem')
})

test('a broker that refuses its pending settings runs on with the last good ones and says so', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, bench.contextOf())
  bench.world.troubles.starts.push(({ logs }) => (logs.audit ? 'audit cannot be switched on' : undefined))
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const record = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(record?.problem?.kind).toBe('settings-refused')
  expect(record?.problem?.reason).toContain('audit cannot be switched on')
  expect(record?.applied?.logs.audit).toBe(false)
  expect(record?.delivering.audit).toBe(false)
  expect(bench.world.processes.get(brokerId)?.spec.logs.audit).toBe(false)
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const healed = await bench.untilState(brokerId, 'RUNNING')
  expect(healed?.applied?.logs.audit).toBe(true)
  expect(healed).not.toHaveProperty('problem')
})

test('a reboot that fails with nothing pending is critical and tried again until it works', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.troubles.starts.push(() => 'port 61617 is taken')
  const states: (string | undefined)[] = []
  const unwatch = bench.store.watch(() => void bench.read(brokerId).then((record) => states.push(record?.state)))
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.until(brokerId, (record) => record?.state === 'RUNNING' && bench.world.starts.length === 2)
  unwatch()
  expect(states).toContain('CRITICAL_ACTION_REQUIRED')
})

test('brokers start side by side, at most four at once, and each is worked on by one step at a time', async () => {
  let inside = 0
  let most = 0
  const slow = bench.live({
    engine: (engine) => ({
      ...engine,
      start: async (spec, signal) => {
        inside += 1
        most = Math.max(most, inside)
        await new Promise((resolve) => setTimeout(resolve, 10))
        inside -= 1
        return engine.start(spec, signal)
      },
    }),
  })
  await life.reconciler.close()
  await slow.reconciler.start()
  const ids = await Promise.all(
    Array.from({ length: 9 }, (_, index) => create(slow, bench.contextOf(), { BrokerName: `broker-${String(index)}` })),
  )
  for (const brokerId of ids) await bench.untilState(brokerId, 'RUNNING')
  expect(most).toBe(4)
  expect(bench.world.starts).toHaveLength(9)
})

test('progress is told while something is being done, and only then', async () => {
  let seen: unknown
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await bench.until(brokerId, () => life.progress(brokerId) === undefined)
  bench.world.troubles.starts.push(() => {
    seen = life.progress(brokerId)
    return undefined
  })
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  expect(seen).toMatchObject({ what: 'starting the broker' })
})

test('closing stops the brokers in order, or leaves them for the next life when they are to be kept', async () => {
  const brokerId = await create(life, bench.contextOf(), both)
  await bench.untilState(brokerId, 'RUNNING')
  await life.reconciler.close({ keepBrokers: true })
  expect(bench.world.processes.size).toBe(1)
  const next = bench.live()
  await next.reconciler.start()
  await bench.until(brokerId, () => next.deliveries.specs.size === 2)
  expect(bench.world.starts).toHaveLength(1)
  await next.reconciler.close()
  expect(bench.world.processes.size).toBe(0)
  expect((await bench.read(brokerId))?.state).toBe('RUNNING')
})

test('a broker that was stopped with the platform is started again with its applied settings, not with pending ones', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true } }, bench.contextOf())
  await life.reconciler.close()
  const next = bench.live()
  await next.reconciler.start()
  await bench.until(brokerId, () => bench.world.processes.size === 1)
  expect(bench.world.starts.at(-1)?.logs.general).toBe(false)
})

test('an adopted broker that ends is noticed and started again', async () => {
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await life.reconciler.close({ keepBrokers: true })
  const next = bench.live()
  await next.reconciler.start()
  await bench.until(brokerId, () => next.deliveries.specs.size === 2)
  bench.world.end(brokerId, { code: null, signal: 'SIGKILL', lastOutput: '' })
  await bench.until(brokerId, () => bench.world.starts.length === 2)
})
