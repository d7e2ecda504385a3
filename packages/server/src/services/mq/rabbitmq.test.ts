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
    ['DescribeLogGroups', 'role'],
    ['CreateServiceLinkedRole', 'caller'],
    ['CreateLogGroup', 'caller'],
  ])
  await running({ BrokerName: 'Second' })
  expect(calls().slice(3)).toEqual([['DescribeLogGroups', 'role']])
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
  { name: 'a cluster', changes: { DeploymentMode: 'CLUSTER_MULTI_AZ' }, says: 'Clusters of RabbitMQ are not built' },
  { name: 'a pair', changes: { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ' }, says: 'engine type [RABBITMQ]' },
  { name: 'another version', changes: { EngineVersion: '3.13' }, says: 'Valid values: [3.10].' },
  { name: 'a type it has not', changes: { HostInstanceType: 'mq.m5.large' }, says: 'Valid values: [mq.t3.micro].' },
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
