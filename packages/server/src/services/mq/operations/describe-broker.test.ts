import { accountId, region } from '#kernel/ids.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

test('a broker is described as AWS does, with its mixed spellings', async () => {
  const ctx = bench.contextOf()
  const brokerId = await create(life, ctx, {
    Logs: { Audit: true },
    SubnetIds: ['subnet-12a3b45c'],
    SecurityGroups: ['sg-a1b234cd'],
    EncryptionOptions: { UseAwsOwnedKey: true },
    MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone: 'UTC' },
    Tags: { team: 'payments' },
    PubliclyAccessible: true,
  })
  expect(await run(life, 'DescribeBroker', { BrokerId: brokerId }, ctx)).toEqual({
    BrokerId: brokerId,
    BrokerArn: `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`,
    BrokerName: 'MyBroker',
    BrokerState: 'CREATION_IN_PROGRESS',
    BrokerInstances: [],
    Created: ctx.now,
    DeploymentMode: 'SINGLE_INSTANCE',
    EngineType: 'ActiveMQ',
    EngineVersion: '5.18.3',
    HostInstanceType: 'mq.m5.large',
    StorageType: 'efs',
    AuthenticationStrategy: 'simple',
    AutoMinorVersionUpgrade: true,
    PubliclyAccessible: true,
    SubnetIds: ['subnet-12a3b45c'],
    SecurityGroups: ['sg-a1b234cd'],
    EncryptionOptions: { UseAwsOwnedKey: true },
    MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone: 'UTC' },
    DataReplicationMode: 'NONE',
    Tags: { team: 'payments' },
    Users: [{ Username: 'admin' }],
    ActionsRequired: [],
    Configurations: {
      Current: { Id: expect.stringMatching(/^c-[0-9a-f-]{36}$/) as string, Revision: 1 },
      History: [],
    },
    Logs: {
      General: false,
      GeneralLogGroup: `/aws/amazonmq/broker/${brokerId}/general`,
      Audit: true,
      AuditLogGroup: `/aws/amazonmq/broker/${brokerId}/audit`,
    },
  })
})

test('passwords are never answered', async () => {
  const brokerId = await create(life, bench.contextOf())
  const text = JSON.stringify(await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf()))
  expect(text).not.toMatch(/password/i)
  expect(text).not.toContain('correct horse')
})

test.each(['b-00000000-0000-4000-8000-000000000000', 'MyBroker', 'x'.repeat(10_000), '../../etc', ''])(
  'there is no broker %j',
  async (BrokerId) => {
    await create(life, bench.contextOf())
    await expect(run(life, 'DescribeBroker', { BrokerId }, bench.contextOf())).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
      message: `Can't find requested broker [${BrokerId}]. Make sure your broker exists.`,
      members: { ErrorAttribute: 'broker-id' },
    })
  },
)

test('a broker of another account or region is not there', async () => {
  const BrokerId = await create(life, bench.contextOf())
  const ctx = bench.contextOf()
  for (const other of [{ account: accountId('999988887777') }, { region: region('eu-west-1') }]) {
    await expect(run(life, 'DescribeBroker', { BrokerId }, { ...ctx, ...other })).rejects.toMatchObject({
      code: 'NotFoundException',
    })
  }
})
