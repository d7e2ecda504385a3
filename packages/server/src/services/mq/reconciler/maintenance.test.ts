import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { maintain } from '#services/mq/reconciler/maintenance.ts'
import { lastWindowStart } from '#services/mq/rules/maintenance-window.ts'
import { type Bench, type Life, ACCOUNT, NOW, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'
import { fakeEngine } from '#services/mq/testing/fake-engine.ts'

let bench: Bench
let life: Life
let brokerId: string
/** The first window after everything that these tests ask for. */
let next: number

const WINDOW = { dayOfWeek: 'MONDAY', timeOfDay: '02:00', timeZone: 'UTC' } as const
const [HOUR, WEEK] = [3_600_000, 7 * 24 * 3_600_000] as const

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  brokerId = await create(life, bench.contextOf(), {
    MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone: 'UTC' },
  })
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    state: 'RUNNING',
    applied: record.desired,
  }))
  next = lastWindowStart(WINDOW, NOW) + WEEK
})
afterEach(() => bench.close())

const at = async (now: number): Promise<string | undefined> => {
  await maintain({
    store: bench.store,
    engineOf: () => fakeEngine(bench.world),
    clock: { now: () => now },
    telemetry: silentTelemetry,
  })
  return (await bench.read(brokerId))?.state
}
const change = () => run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true } }, bench.contextOf())

test('in the window, a broker for which something is pending is rebooted', async () => {
  await change()
  expect(await at(next - 1)).toBe('RUNNING')
  expect(await at(next)).toBe('REBOOT_IN_PROGRESS')
})

test('two hours later the window is closed', async () => {
  await change()
  expect(await at(next + 2 * HOUR)).toBe('RUNNING')
  expect(await at(next + 2 * HOUR - 1)).toBe('REBOOT_IN_PROGRESS')
})

test('without pending changes nothing is rebooted', async () => {
  expect(await at(next + 1)).toBe('RUNNING')
})

test('a broker whose certificate is near its end is rebooted in its window, once', async () => {
  bench.world.dueCertificates.add(brokerId)
  expect(await at(next - 1)).toBe('RUNNING')
  expect(await at(next + 2 * HOUR)).toBe('RUNNING')
  expect(await at(next)).toBe('REBOOT_IN_PROGRESS')
  await life.reconciler.start()
  await bench.untilState(brokerId, 'RUNNING')
  expect(await at(next + HOUR)).toBe('RUNNING')
})

test('a new user is a pending change', async () => {
  await run(life, 'CreateUser', { BrokerId: brokerId, Username: 'alice', Password: 'correct horse' }, bench.contextOf())
  expect(await at(next)).toBe('REBOOT_IN_PROGRESS')
})

test('what is asked for while the window is open waits for the next one', async () => {
  await run(
    life,
    'UpdateBroker',
    { BrokerId: brokerId, Logs: { General: true } },
    { ...bench.contextOf(), now: next + 1 },
  )
  expect(await at(next + HOUR)).toBe('RUNNING')
  expect(await at(next + WEEK)).toBe('REBOOT_IN_PROGRESS')
})

test('what failed in a window is not tried again in it, but in the next one', async () => {
  await change()
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    state: 'CRITICAL_ACTION_REQUIRED',
    problem: { kind: 'settings-refused', reason: 'x', at: next + 1 },
  }))
  expect(await at(next + HOUR)).toBe('CRITICAL_ACTION_REQUIRED')
  expect(await at(next + WEEK)).toBe('REBOOT_IN_PROGRESS')
})

test('a broker that is being created or deleted is left alone', async () => {
  await change()
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(await at(next)).toBe('DELETION_IN_PROGRESS')
})

test('nobody called for it: no log group is asked for', async () => {
  await change()
  bench.logs.calls.length = 0
  await at(next)
  expect(bench.logs.calls).toEqual([])
})

test('the reboot applies what was pending', async () => {
  await change()
  await at(next)
  await life.reconciler.start()
  const record = await bench.untilState(brokerId, 'RUNNING')
  expect(record?.applied?.logs.general).toBe(true)
})
