import { expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import type { LogGroupAttempt } from '#services/mq/broker-record.ts'
import { createLogGroups, withAttempts } from '#services/mq/log-groups.ts'
import { NOW, alice } from '#services/mq/testing/bench.ts'
import { FakeLogs } from '#services/mq/testing/fake-logs.ts'
import type { CallContext } from '#kernel/call.ts'
import { CLOSED_GATE } from '#kernel/gatekeeper.ts'
import { accountId, region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'

const contextOf = (logs: FakeLogs, principal: Principal = alice): CallContext => ({
  requestId: 'r',
  account: accountId('111122223333'),
  region: region('us-east-1'),
  principal,
  calledVia: [],
  gate: CLOSED_GATE,
  source: { ip: '127.0.0.1', userAgent: 'test' },
  now: NOW,
  call: logs.call,
  signal: new AbortController().signal,
})

test('only the groups of logs that are on are asked for', async () => {
  const logs = new FakeLogs()
  expect(await createLogGroups(contextOf(logs), 'b-1', { general: false, audit: true }, 'CreateBroker')).toEqual({
    audit: {
      outcome: 'created',
      at: NOW,
      during: 'CreateBroker',
      by: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/alice', name: 'alice' },
    },
  })
  expect([...logs.groups]).toEqual(['/aws/amazonmq/broker/b-1/audit'])
})

test('the root user has no name that advice could use', async () => {
  const root: Principal = {
    kind: 'root',
    account: accountId('111122223333'),
    arn: 'arn:aws:iam::111122223333:root',
    accessKeyId: 'test',
  }
  const { general } = await createLogGroups(
    contextOf(new FakeLogs(), root),
    'b-1',
    { general: true, audit: false },
    'RebootBroker',
  )
  expect(general?.by).toEqual({ kind: 'root', arn: 'arn:aws:iam::111122223333:root' })
})

test('a refusal that is not a denial keeps code and text', async () => {
  const logs = new FakeLogs()
  logs.refuse = () => new AwsError('NotImplemented', 501, 'not built')
  const { general } = await createLogGroups(contextOf(logs), 'b-1', { general: true, audit: false }, 'CreateBroker')
  expect(general).toMatchObject({ outcome: 'failed', reason: 'NotImplemented: not built' })
})

const attempt = (outcome: LogGroupAttempt['outcome']): LogGroupAttempt => ({
  outcome,
  at: NOW,
  during: 'RebootBroker',
  by: { kind: 'root', arn: 'x' },
})

test.each([
  { before: undefined, outcome: 'created', present: true },
  { before: undefined, outcome: 'existed', present: true },
  { before: undefined, outcome: 'denied', present: false },
  { before: undefined, outcome: 'failed', present: false },
  { before: false, outcome: 'created', present: true },
  { before: true, outcome: 'denied', present: true },
  { before: true, outcome: 'failed', present: true },
] as const)('known $before and then $outcome is $present', ({ before, outcome, present }) => {
  const known = before === undefined ? {} : { general: { present: before, lastAttempt: attempt('created') } }
  expect(withAttempts(known, { general: attempt(outcome) })).toEqual({
    general: { present, lastAttempt: attempt(outcome) },
  })
})

test('a log that was not asked for keeps what was known', () => {
  const known = { audit: { present: true, lastAttempt: attempt('created') } }
  expect(withAttempts(known, {})).toEqual(known)
})
