import { decide } from '@sluice/policy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { AccessCheck, AccessScope } from '#kernel/service.ts'
import { type LogsBench, openLogsBench } from '../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let broker: Principal
beforeEach(async () => {
  bench = openLogsBench()
  broker = {
    kind: 'service',
    account: bench.account,
    service: 'mq.amazonaws.com',
    sourceArn: `arn:aws:mq:${bench.region}:${bench.account}:broker:demo:b-1`,
    sourceAccount: bench.account,
  }
  await bench.call('CreateLogGroup', { logGroupName: '/aws/amazonmq/broker/b-1/general' })
})
afterEach(() => bench.close())

const streamArn = () =>
  `arn:aws:logs:${bench.region}:${bench.account}:log-group:/aws/amazonmq/broker/b-1/general:log-stream:activemq-b-1-1.log`
const groupArn = () => streamArn().replace(/:log-stream:.*/, '')
const document = (resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'mq.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: resource,
      },
    ],
  })
const put = (policyName: string, resource = 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*') =>
  bench.call('PutResourcePolicy', { policyName, policyDocument: document(resource) })

const scope = (changes: Partial<AccessScope> = {}): AccessScope => ({
  account: bench.account,
  region: bench.region,
  principal: broker,
  ...changes,
})
const policies = async (check: Partial<AccessCheck> = {}, changes: Partial<AccessScope> = {}) =>
  (await bench.service.resourcePolicies?.(
    { action: 'logs:PutLogEvents', resource: streamArn(), ...check },
    scope(changes),
  )) ?? []
const names = async (...asked: Parameters<typeof policies>) => (await policies(...asked)).map(({ name }) => name)

test('a policy holds for the next call, and so does its deletion', async () => {
  expect(await names()).toEqual([])
  await put('AmazonMQ-logs')
  expect(await names()).toEqual(['AmazonMQ-logs'])
  await bench.call('DeleteResourcePolicy', { policyName: 'AmazonMQ-logs' })
  expect(await names()).toEqual([])
})

test('policies of the account and the one of the group are both heard', async () => {
  await put('account')
  await bench.call('PutResourcePolicy', { policyName: 'group', policyDocument: document('*'), resourceArn: groupArn() })
  expect(await names()).toEqual(['account', 'group'])
  expect(await names({ resource: streamArn().replace('general', 'audit') })).toEqual(['account'])
})

test('only creating streams and putting events are decided by them', async () => {
  await put('p')
  expect(await names({ action: 'logs:CreateLogStream' })).toEqual(['p'])
  for (const action of ['logs:CreateLogGroup', 'logs:GetLogEvents', 'logs:DeleteLogStream', 'logs:PutResourcePolicy']) {
    expect(await names({ action }), action).toEqual([])
  }
})

test('only service principals are helped by them', async () => {
  await put('p')
  const account = bench.account
  const common = { account, arn: 'arn:x', accessKeyId: 'k' }
  const others: readonly Principal[] = [
    { kind: 'root', ...common },
    { kind: 'user', ...common, userName: 'u', userId: 'AIDA' },
    { kind: 'role', ...common, roleArn: 'r', roleName: 'r', roleId: 'AROA', sessionName: 's', issuedAt: 0 },
  ]
  for (const principal of others) expect(await names({}, { principal }), principal.kind).toEqual([])
})

test('policies of another account or region are not heard', async () => {
  await put('p')
  expect(await names({}, { account: accountId('444455556666') })).toEqual([])
  expect(await names({}, { region: region('us-east-1') })).toEqual([])
})

test("the guide's policy allows what a broker does with its streams, and a bare group ARN does not", async () => {
  const allowed = async (action: string) => {
    const decision = decide(
      {
        principal: { kind: 'service', account: bench.account, service: 'mq.amazonaws.com' },
        action,
        resource: streamArn(),
        resourceAccount: bench.account,
        context: {},
      },
      { identity: [], resource: await policies({ action }) },
    )
    return decision.allowed
  }
  expect(await allowed('logs:PutLogEvents')).toBe(false)
  await put('p', groupArn())
  expect(await allowed('logs:PutLogEvents')).toBe(false)
  await put('p')
  expect(await allowed('logs:CreateLogStream')).toBe(true)
  expect(await allowed('logs:PutLogEvents')).toBe(true)
})
