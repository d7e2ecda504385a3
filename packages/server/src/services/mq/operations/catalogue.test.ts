import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

test('the engine types are what CreateBroker takes', async () => {
  expect(await run(life, 'DescribeBrokerEngineTypes', { EngineType: 'ActiveMQ' }, bench.contextOf())).toEqual({
    BrokerEngineTypes: [{ EngineType: 'ACTIVEMQ', EngineVersions: [{ Name: '5.18' }, { Name: '5.17.6' }] }],
    MaxResults: 20,
  })
})

test('an engine that is not run here is refused, not answered with nothing', async () => {
  for (const operation of ['DescribeBrokerEngineTypes', 'DescribeBrokerInstanceOptions'] as const) {
    await expect(run(life, operation, { EngineType: 'RABBITMQ' }, bench.contextOf())).rejects.toMatchObject({
      code: 'BadRequestException',
      members: { ErrorAttribute: 'engineType' },
    })
  }
})

const option = (HostInstanceType: string, StorageType: string): object => ({
  EngineType: 'ACTIVEMQ',
  HostInstanceType,
  StorageType,
  SupportedDeploymentModes:
    StorageType === 'EBS' ? ['SINGLE_INSTANCE'] : ['SINGLE_INSTANCE', 'ACTIVE_STANDBY_MULTI_AZ'],
  SupportedEngineVersions: ['5.18', '5.17.6'],
  AvailabilityZones: [{ Name: 'us-east-1a' }],
})

test('the instance options are every pair of type and storage that CreateBroker takes', async () => {
  expect(await run(life, 'DescribeBrokerInstanceOptions', {}, bench.contextOf())).toEqual({
    BrokerInstanceOptions: [option('mq.t3.micro', 'EFS'), option('mq.m5.large', 'EBS'), option('mq.m5.large', 'EFS')],
    MaxResults: 20,
  })
})

test.each([
  { filter: { HostInstanceType: 'mq.t3.micro' }, left: [option('mq.t3.micro', 'EFS')] },
  { filter: { StorageType: 'ebs' }, left: [option('mq.m5.large', 'EBS')] },
  { filter: { HostInstanceType: 'mq.t3.micro', StorageType: 'EBS' }, left: [] },
  { filter: { HostInstanceType: 'mq.x9.huge' }, left: [] },
])('$filter narrows the options', async ({ filter, left }) => {
  const { BrokerInstanceOptions: options } = await run(life, 'DescribeBrokerInstanceOptions', filter, bench.contextOf())
  expect(options).toEqual(left)
})

test('options come in pages', async () => {
  const first = await run(life, 'DescribeBrokerInstanceOptions', { MaxResults: 2 }, bench.contextOf())
  const second = await run(
    life,
    'DescribeBrokerInstanceOptions',
    { MaxResults: 2, NextToken: first.NextToken },
    bench.contextOf(),
  )
  expect(first.BrokerInstanceOptions).toHaveLength(2)
  expect(second.BrokerInstanceOptions).toEqual([option('mq.m5.large', 'EFS')])
  expect(second.NextToken).toBeUndefined()
})
