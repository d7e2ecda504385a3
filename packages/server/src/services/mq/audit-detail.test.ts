import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditDetail } from '#kernel/config.ts'
import { type Bench, type Life, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }
async function lived(auditDetail?: AuditDetail): Promise<Life> {
  const life = bench.live(auditDetail === undefined ? {} : { auditDetail })
  await life.reconciler.start()
  return life
}
async function running(life: Life, changes: Parameters<typeof create>[2] = both): Promise<string> {
  const brokerId = await create(life, bench.contextOf(), changes)
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}
/** Group and stream of everything that is delivered, without what they have in common. */
const streams = (life: Life, brokerId: string): readonly string[] =>
  [...life.deliveries.specs.values()].flatMap(({ sink }) =>
    sink.kind === 'logs'
      ? [`${sink.group.replace(`/aws/amazonmq/broker/${brokerId}/`, '')} ${sink.stream.replace(brokerId, '')}`]
      : [],
  )

test.each([
  { detail: 'management', more: [] },
  { detail: 'security', more: ['audit activemq--1.security.log'] },
  { detail: 'flow', more: ['audit activemq--1.security.log', 'audit activemq--1.flow.log'] },
] as const)('with $detail the audit group has AWS’s stream and $more', async ({ detail, more }) => {
  const life = await lived(detail)
  const brokerId = await running(life)
  expect(streams(life, brokerId)).toEqual(['general activemq--1.log', 'audit activemq--1.log', ...more])
  expect(bench.world.starts.map(({ logs }) => logs.security)).toEqual([detail !== 'management'])
})

test.each(['security', 'flow'] as const)(
  'where audit logging is off, %s writes nothing and adds no stream',
  async (detail) => {
    const life = await lived(detail)
    const brokerId = await running(life, { Logs: { General: true } })
    expect(streams(life, brokerId)).toEqual(['general activemq--1.log'])
    expect(bench.world.starts.map(({ logs }) => logs.security)).toEqual([false])
    expect(bench.logs.groups.has(`/aws/amazonmq/broker/${brokerId}/audit`)).toBe(false)
  },
)

test('the security stream begins and ends with the audit log, at the reboot', async () => {
  const life = await lived('security')
  const brokerId = await running(life, { Logs: { General: true } })
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, bench.contextOf())
  expect(streams(life, brokerId)).toEqual(['general activemq--1.log'])
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  expect(bench.world.lines(brokerId, 'audit', 1, '.security')).toEqual(['security start 2'])
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: false } }, bench.contextOf())
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  bench.world.write(brokerId, 'security', 'nobody wants this')
  expect(bench.world.lines(brokerId, 'audit', 1, '.security')).toEqual(['security start 2'])
  expect(streams(life, brokerId)).toEqual(['general activemq--1.log'])
})

test('a platform that asks for less passes over what its running brokers still write, and keeps AWS’s stream', async () => {
  const first = await lived('security')
  const brokerId = await running(first)
  await first.reconciler.close({ keepBrokers: true })
  first.kill()
  const second = await lived('management')
  await bench.until(brokerId, () => second.deliveries.specs.size > 0)
  bench.world.write(brokerId, 'security', 'a connection')
  bench.world.write(brokerId, 'audit', 'an action')
  expect(bench.world.lines(brokerId, 'audit')).toContain('an action')
  expect(bench.world.lines(brokerId, 'audit', 1, '.security')).not.toContain('a connection')
})

test('sluice why looks at every stream of the audit group', async () => {
  const life = await lived('flow')
  const brokerId = await running(life)
  for (const suffix of ['', '.security']) bench.logs.streams.add(`activemq-${brokerId}-1${suffix}.log`)
  const { steps } = await life.diagnose(brokerId, { account: ACCOUNT, region: REGION, caller: bench.contextOf() })
  const titles = steps.map(({ title }) => title.replace(brokerId, '').replace(/^The stream /, ''))
  expect(titles.filter((title) => title.startsWith('activemq-'))).toEqual([
    'activemq--1.log exists',
    'activemq--1.log exists',
    'activemq--1.security.log exists',
    'activemq--1.flow.log does not exist',
  ])
})
