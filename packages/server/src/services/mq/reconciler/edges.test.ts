import { afterEach, beforeEach, expect, test } from 'vitest'
import { BrokerKeys } from '#services/mq/broker-keys.ts'
import { keySealer } from '#kernel/secrets.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { configurationStore } from '#services/mq/configuration/configuration-store.ts'
import { BrokerWorker } from '#services/mq/reconciler/broker-worker.ts'
import { progressBoard } from '#services/mq/reconciler/progress.ts'
import { RESTART_TUNING } from '#services/mq/reconciler/restart-policy.ts'
import { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import { slots } from '#services/mq/reconciler/slots.ts'
import { type Bench, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'
import { fakeDeliveries } from '#services/mq/testing/fake-deliveries.ts'
import { fakeEngine } from '#services/mq/testing/fake-engine.ts'

let bench: Bench

beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }
const pause = (millis = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

test('deliveries run before the broker starts, so that streams are there before the first line', async () => {
  const life = bench.live()
  await life.reconciler.start()
  let before: readonly string[] = []
  bench.world.troubles.starts.push(() => {
    before = [...life.deliveries.specs.values()].map(({ sink }) => sink.kind)
    return undefined
  })
  await bench.untilState(await create(life, bench.contextOf(), both), 'RUNNING')
  expect(before).toEqual(['logs', 'logs'])
})

test('a reboot that a new life takes up delivers the last lines of a log that goes off', async () => {
  const first = bench.live()
  await first.reconciler.start()
  const brokerId = await create(first, bench.contextOf(), both)
  await bench.untilState(brokerId, 'RUNNING')
  await first.reconciler.close({ keepBrokers: true })
  await run(first, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: false } }, bench.contextOf())
  await run(first, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  first.kill()
  bench.world.write(brokerId, 'general', 'written while no platform ran')
  await bench.live().reconciler.start()
  await bench.untilState(brokerId, 'RUNNING')
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'written while no platform ran', 'shutdown'])
})

test('a change of the record does not shorten the wait of a broker that fails', async () => {
  const life = bench.live({ restarts: { delaysMillis: [60_000], criticalAfter: 5, stableMillis: 60_000 } })
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.end(brokerId, { code: 1, signal: null, lastOutput: 'it broke' })
  await bench.until(brokerId, () => life.progress(brokerId)?.what.includes('it broke') === true)
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    tags: { a: 'b' },
  }))
  await pause()
  expect(bench.world.starts).toHaveLength(1)
  expect((await bench.read(brokerId))?.state).toBe('RUNNING')
})

test('a broker that keeps ending right after its start becomes critical, with how it ended', async () => {
  // The third wait is long enough for the state to be seen.
  const life = bench.live({ restarts: { delaysMillis: [5, 5, 500], criticalAfter: 3, stableMillis: 60_000 } })
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  for (let failure = 1; failure <= 3; failure++) {
    await bench.until(brokerId, () => bench.world.processes.size === 1 && bench.world.starts.length === failure)
    bench.world.end(brokerId, { code: null, signal: 'SIGKILL', lastOutput: 'java.lang.OutOfMemoryError' })
  }
  const critical = await bench.until(brokerId, (record) => record?.problem !== undefined)
  expect(critical?.problem?.reason).toBe(
    "The broker's process was ended by SIGKILL. Its last lines: java.lang.OutOfMemoryError",
  )
  await bench.until(brokerId, (record) => record?.state === 'RUNNING' && record.problem === undefined)
})

test.each([
  { exit: { code: 3, signal: null, lastOutput: '' }, reason: "The broker's process ended with exit code 3." },
  { exit: { code: null, signal: null, lastOutput: '' }, reason: "The broker's process ended." },
  {
    exit: {
      code: 1,
      signal: null,
      lastOutput: Array.from({ length: 9 }, (_, line) => `line ${String(line)}\n`).join(''),
    },
    reason: "The broker's process ended with exit code 1. Its last lines: line 4\nline 5\nline 6\nline 7\nline 8",
  },
  {
    exit: { code: 1, signal: null, lastOutput: 'x'.repeat(10_000) },
    reason: `The broker's process ended with exit code 1. Its last lines: ${'x'.repeat(500)}`,
  },
])('how a broker ended is told in a bounded sentence: $exit.code', async ({ exit, reason }) => {
  const life = bench.live({ restarts: { delaysMillis: [60_000], criticalAfter: 1, stableMillis: 60_000 } })
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.end(brokerId, exit)
  const record = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(record?.problem?.reason).toBe(reason)
})

test('a reason of any length leaves the record small', async () => {
  const life = bench.live()
  await life.reconciler.start()
  bench.world.troubles.starts.push(() => 'x'.repeat(100_000))
  const record = await bench.untilState(await create(life, bench.contextOf()), 'CREATION_FAILED')
  expect(record?.problem?.reason).toHaveLength(2_000)
})

test('a creation that fails half-way leaves no process behind', async () => {
  const life = bench.live()
  await life.reconciler.start()
  bench.world.troubles.starts.push((spec) => {
    bench.world.launch(spec)
    return 'the console did not answer within 10 minutes'
  })
  await bench.untilState(await create(life, bench.contextOf()), 'CREATION_FAILED')
  expect(bench.world.processes.size).toBe(0)
})

test('a platform that stops during a creation does not make it fail: the next life goes on', async () => {
  const started = Promise.withResolvers<void>()
  const first = bench.live({
    engine: (engine) => ({
      ...engine,
      start: (_spec, signal) => {
        started.resolve()
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      },
    }),
  })
  await first.reconciler.start()
  const brokerId = await create(first, bench.contextOf())
  await started.promise
  await first.reconciler.close()
  expect((await bench.read(brokerId))?.state).toBe('CREATION_IN_PROGRESS')
  await bench.live().reconciler.start()
  await bench.untilState(brokerId, 'RUNNING')
})

test('a platform that stops does not wait for a download that others may still want', async () => {
  const asked = Promise.withResolvers<void>()
  const first = bench.live({
    engine: (engine) => ({
      ...engine,
      ensureInstalled: () => {
        asked.resolve()
        return new Promise(() => {})
      },
    }),
  })
  await first.reconciler.start()
  const brokerId = await create(first, bench.contextOf())
  await asked.promise
  await first.reconciler.close()
  expect((await bench.read(brokerId))?.state).toBe('CREATION_IN_PROGRESS')
})

test('a reboot whose engine cannot be had does not stop the broker', async () => {
  const life = bench.live()
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.troubles.installs.push('the download was refused')
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const record = await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(record?.problem).toMatchObject({
    kind: 'settings-refused',
    reason: expect.stringContaining('the download was refused'),
  })
  expect(bench.world.starts).toHaveLength(1)
  expect(bench.world.processes.size).toBe(1)
})

test('a closed reconciler hears of nothing any more', async () => {
  let unwatched = 0
  const life = bench.live({
    records: (records) => ({
      ...records,
      watch: (collection, hear) => {
        const unwatch = records.watch(collection, hear)
        return () => {
          unwatched += 1
          unwatch()
        }
      },
    }),
  })
  await life.reconciler.start()
  await life.reconciler.close()
  await create(life, bench.contextOf())
  await pause()
  expect(unwatched).toBe(1)
  expect(bench.world.starts).toEqual([])
})

test('an address that changed since is written, so that endpoints work as answered', async () => {
  const first = bench.live()
  await first.reconciler.start()
  const brokerId = await create(first, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await first.reconciler.close()
  const moved = { ipAddress: '10.0.0.5', endpoints: ['ssl://10.0.0.5:40001'], consoleUrl: 'https://10.0.0.5:40002' }
  const next = bench.live({
    engine: (engine) => ({
      ...engine,
      start: async (...parameters) => ({ ...(await engine.start(...parameters)), address: moved }),
    }),
  })
  await next.reconciler.start()
  const record = await bench.until(brokerId, (each) => each?.instances[0]?.ipAddress === '10.0.0.5')
  expect(record?.instances).toEqual([{ number: 1, ...moved }])
  expect(record?.state).toBe('RUNNING')
})

test('a step that throws is taken again, and the fault is told', async () => {
  let refusals = 1
  const life = bench.live({
    engine: (engine) => ({
      ...engine,
      remove: (brokerId) => (refusals-- > 0 ? Promise.reject(new Error('a file is held')) : engine.remove(brokerId)),
    }),
  })
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.until(brokerId, () => refusals < 1)
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    tags: { again: '' },
  }))
  await bench.untilGone(brokerId)
  expect(bench.world.removed).toEqual([brokerId])
})

test('a poke that comes while the last step ends is not lost', async () => {
  const ref = { account: ACCOUNT, region: REGION, brokerId: 'b-00000000-0000-4000-8000-000000000000' }
  let looks = 0
  const worker: BrokerWorker = new BrokerWorker(
    ref,
    {
      store: { ...bench.store, get: async () => void looks++ },
      configurations: configurationStore(bench.records),
      engineOf: () => fakeEngine(bench.world),
      deliveries: fakeDeliveries(bench.world),
      clock: bench.clock,
      keys: new BrokerKeys({ call: bench.logs.call, sealer: keySealer(new Uint8Array(32)) }),
      telemetry: silentTelemetry,
      progress: progressBoard(bench.clock),
      tuning: RESTART_TUNING,
      unseen: new UnseenBrokers(),
      slots: slots(1),
      auditDetail: 'management',
    },
    () => {
      if (looks === 1) worker.poke()
    },
  )
  worker.poke()
  await pause()
  expect(looks).toBe(2)
  await worker.close({ stopBroker: false })
  worker.poke()
  await pause()
  expect(looks).toBe(2)
})
