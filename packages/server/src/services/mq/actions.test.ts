import { decide, parsePolicy } from '@sluice/policy'
import type { Apis } from '@sluice/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OperationInput } from '#kernel/call.ts'
import type { AccessCheck } from '#kernel/service.ts'
import {
  type Bench,
  type Life,
  ACCOUNT,
  REGION,
  alice,
  create,
  newBroker,
  openBench,
  run,
} from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let brokerId: string
let arn: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  brokerId = await create(life, bench.contextOf(), { Tags: { team: 'payments' } })
  arn = `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`
})
afterEach(() => bench.close())

const scope = { account: ACCOUNT, region: REGION, principal: alice }

async function checks<O extends keyof Apis['mq']>(
  operation: O,
  input: OperationInput<'mq', O>,
): Promise<readonly AccessCheck[]> {
  const { [operation]: access } = life.service.access
  if (access === undefined || access.checks === 'none') throw new Error(`${operation} is not guarded`)
  return access.checks(input, scope)
}

test.each(['ListBrokers', 'ListConfigurations', 'DescribeBrokerEngineTypes', 'DescribeBrokerInstanceOptions'] as const)(
  '%s knows no resource',
  async (operation) => {
    expect(await checks(operation, {})).toEqual([{ action: `mq:${operation}`, resource: '*' }])
  },
)

test('CreateBroker knows no resource, but the tags of the request', async () => {
  expect(await checks('CreateBroker', newBroker({ Tags: { team: 'payments', env: 'prod' } }))).toEqual([
    {
      action: 'mq:CreateBroker',
      resource: '*',
      context: {
        'aws:TagKeys': ['team', 'env'],
        'aws:RequestTag/team': 'payments',
        'aws:RequestTag/env': 'prod',
        'aws:ResourceTag/team': 'payments',
        'aws:ResourceTag/env': 'prod',
      },
    },
  ])
  expect(await checks('CreateBroker', newBroker())).toEqual([{ action: 'mq:CreateBroker', resource: '*', context: {} }])
})

test.each(['DescribeBroker', 'DeleteBroker', 'RebootBroker', 'UpdateBroker', 'ListUsers'] as const)(
  '%s is checked against the ARN with name and id, and sees the tags',
  async (operation) => {
    expect(await checks(operation, { BrokerId: brokerId })).toEqual([
      { action: `mq:${operation}`, resource: arn, context: { 'aws:ResourceTag/team': 'payments' } },
    ])
  },
)

test('a broker that is not there is checked against an ARN without a name', async () => {
  expect(await checks('DescribeBroker', { BrokerId: 'b-nothing' })).toEqual([
    { action: 'mq:DescribeBroker', resource: 'arn:aws:mq:us-east-1:111122223333:broker:*:b-nothing', context: {} },
  ])
})

const isAllowed = async (resource: string, BrokerId: string): Promise<boolean> => {
  const [check] = await checks('DescribeBroker', { BrokerId })
  const policy = parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'mq:DescribeBroker', Resource: resource }],
    }),
    'identity',
  )
  return decide(
    {
      principal: { kind: 'user', account: ACCOUNT, arn: alice.kind === 'user' ? alice.arn : '' },
      action: check?.action ?? '',
      resource: check?.resource ?? '',
      resourceAccount: ACCOUNT,
      context: {},
    },
    { identity: [{ name: 'p', policy }], resource: [] },
  ).allowed
}

test.each([
  { allow: '*', mine: true, missing: true },
  { allow: 'arn:aws:mq:*:111122223333:broker:*', mine: true, missing: true },
  { allow: 'arn:aws:mq:us-east-1:111122223333:broker:MyBroker:*', mine: true, missing: false },
  { allow: 'arn:aws:mq:us-east-1:111122223333:broker:Other:*', mine: false, missing: false },
  { allow: 'arn:aws:mq:*:b-1', mine: false, missing: false },
])('allowed on $allow: this broker $mine, told of a missing one $missing', async ({ allow, mine, missing }) => {
  expect(await isAllowed(allow, brokerId)).toBe(mine)
  expect(await isAllowed(allow, 'b-00000000-0000-4000-8000-000000000000')).toBe(missing)
})

test('tag operations are checked against the ARN of the request', async () => {
  const mine = { 'aws:ResourceTag/team': 'payments' }
  expect(await checks('CreateTags', { ResourceArn: arn, Tags: { env: 'prod' } })).toEqual([
    {
      action: 'mq:CreateTags',
      resource: arn,
      context: { ...mine, 'aws:TagKeys': ['env'], 'aws:RequestTag/env': 'prod' },
    },
  ])
  expect(await checks('DeleteTags', { ResourceArn: arn, TagKeys: ['team'] })).toEqual([
    { action: 'mq:DeleteTags', resource: arn, context: { ...mine, 'aws:TagKeys': ['team'] } },
  ])
  expect(await checks('ListTags', { ResourceArn: arn })).toEqual([
    { action: 'mq:ListTags', resource: arn, context: mine },
  ])
})

test('an ARN with a foreign name has no tags of the broker behind its id', async () => {
  const [check] = await checks('ListTags', { ResourceArn: arn.replace('MyBroker', 'Other') })
  expect(check?.context).toEqual({})
})

test('operations of a configuration are checked against its ARN and see its tags', async () => {
  const made = await run(
    life,
    'CreateConfiguration',
    { Name: 'orders', EngineType: 'ACTIVEMQ', Tags: { team: 'payments' } },
    bench.contextOf(),
  )
  const id = made.Id ?? ''
  expect(made.Arn).toBe(`arn:aws:mq:us-east-1:111122223333:configuration:${id}`)
  for (const operation of ['DescribeConfiguration', 'ListConfigurationRevisions', 'DeleteConfiguration'] as const) {
    expect(await checks(operation, { ConfigurationId: id })).toEqual([
      { action: `mq:${operation}`, resource: made.Arn, context: { 'aws:ResourceTag/team': 'payments' } },
    ])
  }
  expect(await checks('DescribeConfiguration', { ConfigurationId: 'c-none' })).toEqual([
    {
      action: 'mq:DescribeConfiguration',
      resource: 'arn:aws:mq:us-east-1:111122223333:configuration:c-none',
      context: {},
    },
  ])
  expect(await checks('CreateConfiguration', { Name: 'x', EngineType: 'ACTIVEMQ', Tags: { a: 'b' } })).toEqual([
    {
      action: 'mq:CreateConfiguration',
      resource: '*',
      context: { 'aws:TagKeys': ['a'], 'aws:RequestTag/a': 'b' },
    },
  ])
})

test('every call is a management call, and only those that look are read-only', () => {
  const reads = new Set([
    'DescribeBroker',
    'ListBrokers',
    'ListTags',
    'DescribeUser',
    'ListUsers',
    'DescribeConfiguration',
    'DescribeSharedResources',
    'DescribeConfigurationRevision',
    'ListConfigurations',
    'ListConfigurationRevisions',
    'DescribeBrokerEngineTypes',
    'DescribeBrokerInstanceOptions',
  ])
  for (const [operation, access] of Object.entries(life.service.access)) {
    expect(access).toMatchObject({ category: 'management', readOnly: reads.has(operation) })
  }
})

test('every operation that is built is guarded, and nothing else is', () => {
  expect(Object.keys(life.service.access).toSorted()).toEqual(Object.keys(life.service.operations).toSorted())
  expect(Object.keys(life.service.operations)).toHaveLength(25)
})

test('records name the broker by its id, and a new one by its name, too', () => {
  const { access } = life.service
  const type = 'AWS::AmazonMQ::Broker'
  expect(access.CreateBroker?.resources?.(newBroker(), { BrokerId: 'b-1' }, scope)).toEqual([
    { type, name: 'b-1' },
    { type, name: 'MyBroker' },
  ])
  expect(access.CreateBroker?.resources?.(newBroker(), undefined, scope)).toEqual([{ type, name: 'MyBroker' }])
  expect(access.RebootBroker?.resources?.({ BrokerId: 'b-1' }, {}, scope)).toEqual([{ type, name: 'b-1' }])
  expect(access.ListTags?.resources?.({ ResourceArn: arn }, undefined, scope)).toEqual([{ type, name: brokerId }])
})

test('secrets are named for every operation that can carry one', () => {
  const { secrets } = life.service
  expect(secrets.CreateBroker).toEqual(expect.arrayContaining(['password', 'serviceAccountPassword']))
  expect(secrets.UpdateBroker).toContain('serviceAccountPassword')
  expect(secrets.CreateUser).toContain('password')
  expect(secrets.UpdateUser).toContain('password')
  expect(secrets.UpdateConfiguration).toContain('data')
})

test('CloudTrail knows the service by another name than its endpoint', () => {
  expect(life.service).toMatchObject({ name: 'mq', eventSource: 'amazonmq.amazonaws.com', global: false })
})
