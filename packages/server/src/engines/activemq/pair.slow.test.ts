import { stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { loggedEvents } from '#engines/testing/log-events.ts'
import { testBroker, testEngine } from '#engines/testing/test-broker.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000021'
const ALICE = { username: 'alice', password: 'alice-password-1' }
const never = new AbortController().signal

let data: string
let ca: string
let engine: BrokerEngine
let [first, second]: RunningBroker[] = []

const start = (instance: number): Promise<RunningBroker> =>
  engine.start(testBroker(ID, { instance, instances: [1, 2] }), never)
const stompOf = (broker: RunningBroker | undefined): string => broker?.address.endpoints[2] ?? ''
const started = async (instance: number): Promise<number> =>
  (await loggedEvents(engine.logFiles(ID, instance, 'general'))).filter(({ text }) => text.includes(') started | '))
    .length

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-pair-'))
  const made = await testEngine(data)
  engine = made.engine
  ca = made.ca.certificatePem
  first = await start(1)
  second = await start(2)
})
afterAll(async () => {
  await engine.remove(ID)
  await rm(data, { recursive: true, force: true })
})

test('one instance serves while the other waits, each at its own address', async () => {
  expect(first?.address.ipAddress).not.toBe(second?.address.ipAddress)
  expect([await started(1), await started(2)]).toEqual([1, 0])
  await stompSend(stompOf(first), ca, ALICE, 'ORDERS', 'kept by both')
  await expect(stompSend(stompOf(second), ca, ALICE, 'ORDERS', 'x')).rejects.toThrow(/ECONNREFUSED/)
  expect((await engine.readMetrics(ID, 1))?.gauges['TotalMessageCount']).toBeGreaterThan(0)
  expect(await engine.readMetrics(ID, 2)).toBeUndefined()
  expect((await readdir(join(data, 'brokers', ID))).toSorted()).toEqual(['1', '2', 'store'])
})

test('when the one that serves is killed, the other takes over with every message that was confirmed', async () => {
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await first?.exited
  await expect.poll(() => started(2), { timeout: 30_000 }).toBe(1)
  expect(await stompReceive(stompOf(second), ca, ALICE, 'ORDERS')).toBe('kept by both')
  first = await start(1)
  expect(await started(1)).toBe(1)
})

test('both stop in order, and no third start is seen', async () => {
  await Promise.all([engine.stop(ID, 1), engine.stop(ID, 2)])
  expect([await started(1), await started(2)]).toEqual([1, 1])
})
