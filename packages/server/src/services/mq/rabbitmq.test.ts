import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import {
  type Bench,
  type Life,
  ACCOUNT,
  REGION,
  create,
  newBroker,
  openBench,
  run,
} from '#services/mq/testing/bench.ts'
import { instanceKey } from '#services/mq/testing/world.ts'

const RABBIT = { requested: '3.10', runs: '3.10.8' }
const NEW = {
  EngineType: 'RABBITMQ',
  EngineVersion: '3.10',
  HostInstanceType: 'mq.t3.micro',
  Users: [{ Username: 'operator', Password: 'correct horse battery' }],
} as const

let bench: Bench
let life: Life
beforeEach(async () => {
  bench = openBench()
  life = bench.live({ rabbitmq: RABBIT })
  await life.reconciler.start()
})
afterEach(() => bench.close())

const running = async (changes: Parameters<typeof newBroker>[0] = {}): Promise<string> => {
  const brokerId = await create(life, bench.contextOf(), { ...NEW, ...changes })
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}
const refusal = (of: Life, changes: Parameters<typeof newBroker>[0]): Promise<AwsError> =>
  create(of, bench.contextOf(), { ...NEW, ...changes }).then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as AwsError,
  )

test('a broker is described as AWS describes RabbitMQ: no audit log, no users, no configuration', async () => {
  const brokerId = await running({ Logs: { General: true } })
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(described).toMatchObject({ EngineType: 'RabbitMQ', EngineVersion: '3.10.8', StorageType: 'ebs', Users: [] })
  expect(described.Logs).toEqual({ General: true, GeneralLogGroup: `/aws/amazonmq/broker/${brokerId}/general` })
  expect(described.Configurations?.Current).toBeUndefined()
  expect(bench.world.starts[0]).toMatchObject({ engineVersion: '3.10.8', logs: { general: true, audit: false } })
})

test('its lines are written by the service-linked role, which CreateBroker makes as its caller', async () => {
  const brokerId = await running({ Logs: { General: true } })
  const calls = () => bench.logs.calls.map(({ operation, as }) => [operation, as.kind])
  expect(calls()).toEqual([
    ['DescribeLogStreams', 'role'],
    ['CreateServiceLinkedRole', 'caller'],
    ['CreateLogGroup', 'caller'],
  ])
  await running({ BrokerName: 'Second' })
  expect(calls().slice(3)).toEqual([['DescribeLogStreams', 'role']])
  expect(life.deliveries.specs.get(`mq/${brokerId}/1/general`)?.sink).toMatchObject({
    stream: `rabbitmq-${brokerId}-1.log`,
    as: {
      kind: 'role',
      roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ`,
      service: 'mq.amazonaws.com',
    },
  })
})

test.each([
  {
    name: 'an audit log',
    changes: { Logs: { Audit: true } },
    says: 'Audit logging does not apply to RabbitMQ brokers.',
  },
  {
    name: 'a cluster of the smallest type',
    changes: { DeploymentMode: 'CLUSTER_MULTI_AZ' },
    says: 'Host instance type [mq.t3.micro] is invalid for broker engine type [RABBITMQ]. Valid values: [mq.m5.large].',
  },
  {
    name: 'a subnet that a cluster is given twice',
    changes: {
      DeploymentMode: 'CLUSTER_MULTI_AZ',
      HostInstanceType: 'mq.m5.large',
      SubnetIds: ['subnet-1', 'subnet-1'],
    },
    says: 'Specify different subnets for deployment mode [CLUSTER_MULTI_AZ].',
  },
  { name: 'a pair', changes: { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ' }, says: 'engine type [RABBITMQ]' },
  { name: 'another version', changes: { EngineVersion: '3.13' }, says: 'Valid values: [3.10].' },
  {
    name: 'a type it has not',
    changes: { HostInstanceType: 'mq.m7g.large' },
    says: 'Valid values: [mq.t3.micro, mq.m5.large].',
  },
  { name: 'EFS', changes: { StorageType: 'EFS' }, says: 'Storage type [EFS] is invalid' },
  { name: 'a configuration', changes: { Configuration: { Id: 'c-1' } }, says: 'configuration' },
  { name: 'nobody', changes: { Users: [] }, says: 'at least one user' },
  {
    name: 'two users',
    changes: { Users: [...NEW.Users, { Username: 'second', Password: 'correct horse battery' }] },
    says: 'exactly one user',
  },
  {
    name: 'guest',
    changes: { Users: [{ Username: 'guest', Password: 'correct horse battery' }] },
    says: 'Username [guest] is invalid',
  },
  {
    name: 'a tilde',
    changes: { Users: [{ Username: 'a~b', Password: 'correct horse battery' }] },
    says: 'Username [a~b] is invalid',
  },
])('$name is refused', async ({ changes, says }) => {
  const error = await refusal(life, changes)
  expect([error.code, error.message]).toEqual(['BadRequestException', expect.stringContaining(says)])
  expect(bench.world.starts).toEqual([])
})

test('where it is not installed, the error names the package, and the catalogue has ActiveMQ only', async () => {
  const without = bench.live()
  expect((await refusal(without, {})).message).toContain('apt-get install rabbitmq-server')
  const { BrokerEngineTypes: types } = await run(without, 'DescribeBrokerEngineTypes', {}, bench.contextOf())
  expect(types?.map(({ EngineType }) => EngineType)).toEqual(['ACTIVEMQ'])
})

test('where it is installed, the catalogue has what CreateBroker takes', async () => {
  const ctx = bench.contextOf()
  const { BrokerEngineTypes: types } = await run(life, 'DescribeBrokerEngineTypes', { EngineType: 'RabbitMQ' }, ctx)
  expect(types).toEqual([{ EngineType: 'RABBITMQ', EngineVersions: [{ Name: '3.10' }] }])
  const { BrokerInstanceOptions: options } = await run(
    life,
    'DescribeBrokerInstanceOptions',
    { EngineType: 'RABBITMQ' },
    ctx,
  )
  expect(options).toMatchObject([
    { HostInstanceType: 'mq.t3.micro', StorageType: 'EBS', SupportedDeploymentModes: ['SINGLE_INSTANCE'] },
    {
      HostInstanceType: 'mq.m5.large',
      StorageType: 'EBS',
      SupportedDeploymentModes: ['SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'],
    },
  ])
})

test('users, configurations and the audit log of a running broker stay RabbitMQ’s own', async () => {
  const brokerId = await running()
  const ctx = bench.contextOf()
  const user = { BrokerId: brokerId, Username: 'second', Password: 'correct horse battery' }
  await expect(run(life, 'CreateUser', user, ctx)).rejects.toThrow('managed in RabbitMQ itself')
  await expect(run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, ctx)).rejects.toThrow(
    'does not apply to RabbitMQ',
  )
  await expect(run(life, 'UpdateBroker', { BrokerId: brokerId, Configuration: { Id: 'c' } }, ctx)).rejects.toThrow(
    'configuration',
  )
  await expect(run(life, 'CreateConfiguration', { Name: 'c', EngineType: 'RABBITMQ' }, ctx)).rejects.toThrow(
    'Configurations of RabbitMQ are not built',
  )
})

test('a general log that is switched on starts with the reboot, and sluice why speaks of that log alone', async () => {
  const brokerId = await running()
  const why = () => life.diagnose(brokerId, { account: ACCOUNT, region: REGION })
  expect((await why()).fix[0]).toBe(
    `aws --region us-east-1 mq update-broker --broker-id ${brokerId} --logs General=true`,
  )
  const ctx = bench.contextOf()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true } }, ctx)
  await run(life, 'RebootBroker', { BrokerId: brokerId }, ctx)
  await bench.untilState(brokerId, 'RUNNING')
  expect((await why()).steps.filter(({ title }) => title.includes('audit'))).toEqual([])
})

const CLUSTER = { DeploymentMode: 'cluster_multi_az', HostInstanceType: 'mq.m5.large' } as const
const KILLED = { code: null, signal: 'SIGKILL', lastOutput: '' }
const numbers = () => bench.world.starts.map(({ instance }) => instance)

test('a cluster is three nodes that know of each other, with a stream each and one address', async () => {
  const brokerId = await running({ ...CLUSTER, Logs: { General: true }, SubnetIds: ['subnet-1'] })
  expect(bench.world.starts.map(({ instance, instances }) => [instance, instances])).toEqual([
    [1, [1, 2, 3]],
    [2, [1, 2, 3]],
    [3, [1, 2, 3]],
  ])
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(described).toMatchObject({ DeploymentMode: 'CLUSTER_MULTI_AZ', SubnetIds: ['subnet-1'] })
  expect(described.BrokerInstances?.map((each) => Object.keys(each))).toEqual([['ConsoleURL', 'Endpoints']])
  const sinks = [...life.deliveries.specs.values()].filter(({ sink }) => sink.kind === 'logs').map(({ sink }) => sink)
  expect(sinks).toMatchObject([1, 2, 3].map((n) => ({ stream: `rabbitmq-${brokerId}-${String(n)}.log` })))
})

test('nodes that ended together are started together: each needs the others to come up', async () => {
  const brokerId = await running(CLUSTER)
  await life.reconciler.close()
  const waiting: (() => void)[] = []
  life = bench.live({
    rabbitmq: RABBIT,
    engine: (engine) => ({
      ...engine,
      async start(spec, signal) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length === 3) for (const go of waiting) go()
        })
        return engine.start(spec, signal)
      },
    }),
  })
  await life.reconciler.start()
  await bench.until(brokerId, () => bench.world.starts.length === 6)
  expect(new Set(numbers().slice(3))).toEqual(new Set([1, 2, 3]))
})

test('a node that is killed is started again, and the others are left alone', async () => {
  const brokerId = await running(CLUSTER)
  bench.world.end(instanceKey(brokerId, 2), KILLED)
  await bench.until(brokerId, () => bench.world.starts.length === 4)
  expect(numbers()).toEqual([1, 2, 3, 2])
})

test('a node that does not start leaves the others to start, and is tried again alone', async () => {
  const brokerId = await running(CLUSTER)
  for (const n of [1, 2, 3]) bench.world.end(instanceKey(brokerId, n), KILLED)
  bench.world.troubles.starts.push(() => 'incompatible_feature_flags')
  await bench.until(brokerId, () => bench.world.starts.length === 6)
  expect(numbers().slice(3)).toEqual([2, 3, 1])
})

test('a reboot restarts one node after the other: two of them are always there', async () => {
  const brokerId = await running(CLUSTER)
  const least: number[] = []
  bench.world.troubles.starts.push(...[1, 2, 3].map(() => () => void least.push(bench.world.processes.size)))
  const ctx = bench.contextOf()
  await run(life, 'RebootBroker', { BrokerId: brokerId }, ctx)
  await bench.untilState(brokerId, 'RUNNING')
  expect([numbers().slice(3), least]).toEqual([
    [1, 2, 3],
    [2, 2, 2],
  ])
})

test.each([
  { name: 'a log is switched', change: { Logs: { General: true } } },
  { name: 'a version is changed', change: { EngineVersion: '3.11' } },
])('$name only while all nodes stand still', async ({ change }) => {
  const brokerId = await running(CLUSTER)
  await life.reconciler.close({ keepBrokers: true })
  life = bench.live({ rabbitmq: { requested: '3.11', runs: '3.11.5' } })
  await life.reconciler.start()
  const least: number[] = []
  bench.world.troubles.starts.push(() => void least.push(bench.world.processes.size))
  const ctx = bench.contextOf()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, ...change }, ctx)
  await run(life, 'RebootBroker', { BrokerId: brokerId }, ctx)
  await bench.untilState(brokerId, 'RUNNING')
  expect(least).toEqual([0])
})

test('a cluster does not become one of the smallest type', async () => {
  const update = { BrokerId: await running(CLUSTER), HostInstanceType: 'mq.t3.micro' }
  await expect(run(life, 'UpdateBroker', update, bench.contextOf())).rejects.toThrow('Valid values: [mq.m5.large]')
})

test('deleting a cluster stops all nodes', async () => {
  const brokerId = await running(CLUSTER)
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilGone(brokerId)
  expect([bench.world.processes.size, bench.world.removed]).toEqual([0, [brokerId]])
})
