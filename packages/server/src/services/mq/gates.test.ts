import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
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
const reboot = async (brokerId: string): Promise<unknown> => {
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  return bench.untilState(brokerId, 'RUNNING')
}
const running = async (changes: Parameters<typeof create>[2] = both): Promise<string> => {
  const brokerId = await create(life, bench.contextOf(), changes)
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}

test('a caller who may create groups gets both groups, and every line from the first one on', async () => {
  const brokerId = await running()
  expect(bench.logs.groups.size).toBe(2)
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1'])
  expect(bench.world.lines(brokerId, 'audit')).toEqual(['audit start 1'])
})

test('lines are written as mq.amazonaws.com for this one broker', async () => {
  const brokerId = await running()
  expect(life.deliveries.specs.get(`mq/${brokerId}/1/general`)).toEqual({
    id: `mq/${brokerId}/1/general`,
    source: { kind: 'log-files', directory: `/brokers/${brokerId}/1`, prefix: 'general' },
    sink: {
      kind: 'logs',
      group: `/aws/amazonmq/broker/${brokerId}/general`,
      stream: `activemq-${brokerId}-1.log`,
      as: {
        kind: 'service',
        service: 'mq.amazonaws.com',
        sourceArn: `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`,
        sourceAccount: '111122223333',
        region: 'us-east-1',
      },
    },
  })
})

test('a caller who may not create groups gets a running broker, no group, and an explanation that is kept', async () => {
  bench.logs.denyAll()
  const brokerId = await running()
  const record = await bench.read(brokerId)
  expect(bench.logs.groups.size).toBe(0)
  expect(bench.world.lines(brokerId, 'general')).toEqual([])
  expect(life.deliveries.specs.get(`mq/${brokerId}/1/general`)?.sink).toEqual({ kind: 'discard' })
  expect(record?.logGroups.general).toMatchObject({
    present: false,
    lastAttempt: {
      outcome: 'denied',
      during: 'CreateBroker',
      by: { kind: 'user', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' },
      decision: { kind: 'implicit-deny', action: 'logs:CreateLogGroup' },
    },
  })
})

test('after the permission is there, the reboot creates the groups, and delivery begins with its first line', async () => {
  bench.logs.denyAll()
  const brokerId = await running()
  bench.world.write(brokerId, 'general', 'nobody wanted this line')
  bench.logs.allowAll()
  expect(bench.logs.groups.size).toBe(0)
  await reboot(brokerId)
  expect(bench.logs.groups.size).toBe(2)
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 2'])
  expect(bench.world.lines(brokerId, 'audit')).toEqual(['audit start 2'])
})

test('one group may be refused and the other not', async () => {
  bench.logs.refuse = (group) =>
    group.endsWith('/audit') ? new AwsError('LimitExceededException', 400, 'Resource limit exceeded.') : undefined
  const brokerId = await running()
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1'])
  expect(bench.world.lines(brokerId, 'audit')).toEqual([])
  expect((await bench.read(brokerId))?.logGroups.audit).toMatchObject({
    present: false,
    lastAttempt: { outcome: 'failed', reason: 'LimitExceededException: Resource limit exceeded.' },
  })
})

test('a fault inside Logs is an outcome like any other: the broker is made', async () => {
  bench.logs.refuse = () => new Error('the log store is restarting')
  const brokerId = await running()
  expect((await bench.read(brokerId))?.logGroups.general?.lastAttempt).toMatchObject({
    outcome: 'failed',
    reason: 'the log store is restarting',
  })
})

test('a group that is there already counts as there', async () => {
  const brokerId = await running()
  await reboot(brokerId)
  expect((await bench.read(brokerId))?.logGroups.general).toMatchObject({
    present: true,
    lastAttempt: { outcome: 'existed', during: 'RebootBroker' },
  })
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown', 'start 2'])
})

test('a reboot by somebody who may not create groups does not end a delivery that works', async () => {
  const brokerId = await running()
  bench.logs.denyAll()
  await reboot(brokerId)
  expect((await bench.read(brokerId))?.logGroups.general).toMatchObject({
    present: true,
    lastAttempt: { outcome: 'denied' },
  })
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown', 'start 2'])
})

test('a group that was deleted is created again by the reboot', async () => {
  const brokerId = await running()
  bench.logs.groups.clear()
  await reboot(brokerId)
  expect(bench.logs.groups.size).toBe(2)
  expect((await bench.read(brokerId))?.logGroups.general?.lastAttempt.outcome).toBe('created')
})

test('a log that is off has no group and no lines; switched on, it begins with the reboot', async () => {
  const brokerId = await running({ Logs: { General: true } })
  expect(bench.logs.groups).toEqual(new Set([`/aws/amazonmq/broker/${brokerId}/general`]))
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, bench.contextOf())
  expect(bench.logs.groups.size).toBe(1)
  await reboot(brokerId)
  expect(bench.logs.groups.size).toBe(2)
  expect(bench.world.lines(brokerId, 'audit')).toEqual(['audit start 2'])
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown', 'start 2'])
})

test('a log that is switched off delivers its last lines before the reboot, and nothing after', async () => {
  const brokerId = await running()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: false } }, bench.contextOf())
  await reboot(brokerId)
  bench.world.write(brokerId, 'general', 'nobody wants this line')
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown'])
  expect(life.deliveries.drains.get(`mq/${brokerId}/1/general`)).toBeGreaterThan(1_000)
  expect((await bench.read(brokerId))?.logGroups.general?.present).toBe(true)
})

test('a log that was off for a while does not deliver what was written meanwhile', async () => {
  const brokerId = await running()
  for (const General of [false, true]) {
    await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General } }, bench.contextOf())
    await reboot(brokerId)
  }
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown', 'start 3'])
})

test('a delivery that is refused gets a moment, not the whole time, when the broker is deleted', async () => {
  const brokerId = await running()
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { state: 'waiting' })
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect(life.deliveries.drains.get(`mq/${brokerId}/1/general`)).toBe(1_000)
  expect(life.deliveries.drains.get(`mq/${brokerId}/1/audit`)).toBe(10_000)
})

test('a log that nobody wants is not waited for when the broker is deleted', async () => {
  const brokerId = await running({ Logs: { General: true } })
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect([...life.deliveries.drains.keys()]).toEqual([`mq/${brokerId}/1/general`])
})

test('a restart of the platform goes on delivering where it was, to the same streams', async () => {
  const brokerId = await running()
  await life.reconciler.close({ keepBrokers: true })
  life.kill()
  bench.world.write(brokerId, 'general', 'written while the platform was away')
  const next = bench.live()
  await next.reconciler.start()
  await bench.until(brokerId, () => next.deliveries.specs.size === 2)
  expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'written while the platform was away'])
})
