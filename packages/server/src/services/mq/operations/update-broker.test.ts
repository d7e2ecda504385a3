import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OperationInput } from '#kernel/call.ts'
import { type Bench, type Life, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let brokerId: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  brokerId = await create(life, bench.contextOf(), { Logs: { General: true }, SecurityGroups: ['sg-1'] })
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    state: 'RUNNING',
    applied: record.desired,
  }))
})
afterEach(() => bench.close())

type Changes = Omit<OperationInput<'mq', 'UpdateBroker'>, 'BrokerId'>
const update = (changes: Changes): ReturnType<typeof run<'UpdateBroker'>> =>
  run(life, 'UpdateBroker', { BrokerId: brokerId, ...changes }, bench.contextOf())

test('logs wait for a reboot: wanted changes, applied does not, no group is asked for', async () => {
  bench.logs.calls.length = 0
  await update({ Logs: { General: false, Audit: true } })
  const record = await bench.read(brokerId)
  expect(record?.desired.logs).toEqual({ general: false, audit: true })
  expect(record?.applied?.logs).toEqual({ general: true, audit: false })
  expect(record?.state).toBe('RUNNING')
  expect(bench.logs.calls).toEqual([])
})

test('a log that is not mentioned stays as it is', async () => {
  await update({ Logs: { Audit: true } })
  expect((await bench.read(brokerId))?.desired.logs).toEqual({ general: true, audit: true })
})

test('the answer is what will be, with plain logs', async () => {
  const answer = await update({ Logs: { Audit: true } })
  expect(answer).toMatchObject({
    BrokerId: brokerId,
    Logs: { General: true, Audit: true },
    AutoMinorVersionUpgrade: true,
    AuthenticationStrategy: 'simple',
    EngineVersion: '5.18.3',
    HostInstanceType: 'mq.m5.large',
    SecurityGroups: ['sg-1'],
  })
})

test('security groups, maintenance window and automatic upgrades change at once', async () => {
  await update({ SecurityGroups: ['sg-2'], MaintenanceWindowStartTime: { DayOfWeek: 'Friday', TimeOfDay: '23:30' } })
  expect(await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())).toMatchObject({
    SecurityGroups: ['sg-2'],
    MaintenanceWindowStartTime: { DayOfWeek: 'FRIDAY', TimeOfDay: '23:30', TimeZone: 'UTC' },
  })
})

test.each(['5.18', '5.18.3'])('the version it has, sent along as %s, is no change', async (EngineVersion) => {
  await update({
    EngineVersion,
    HostInstanceType: 'mq.m5.large',
    AuthenticationStrategy: 'SIMPLE',
    DataReplicationMode: 'NONE',
    Logs: { Audit: true },
  })
  expect((await bench.read(brokerId))?.desired).toMatchObject({
    engineVersion: { runs: '5.18.3' },
    logs: { audit: true },
  })
})

const REFUSED: readonly { readonly attribute: string; readonly changes: Changes }[] = [
  { attribute: 'engineVersion', changes: { EngineVersion: '5.16.7' } },
  { attribute: 'hostInstanceType', changes: { HostInstanceType: 'mq.m7g.large' } },
  { attribute: 'configuration', changes: { Configuration: { Id: 'c-1', Revision: 1 } } },
  { attribute: 'authenticationStrategy', changes: { AuthenticationStrategy: 'CONFIG_MANAGED' } },
  { attribute: 'ldapServerMetadata', changes: { AuthenticationStrategy: 'LDAP' } },
  { attribute: 'dataReplicationMode', changes: { DataReplicationMode: 'CRDR' } },
  { attribute: 'storageSize', changes: { StorageSize: 10 } },
  { attribute: 'resourceShareArns', changes: { ResourceShareArns: [] } },
  { attribute: 'securityGroups', changes: { SecurityGroups: ['nonsense'] } },
  {
    attribute: 'maintenanceWindowStartTime',
    changes: { MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '99' } },
  },
  { attribute: 'autoMinorVersionUpgrade', changes: { AutoMinorVersionUpgrade: false } },
]

test.each(REFUSED)(
  'a change of $attribute that is not built or not valid is refused, and nothing beside it is done',
  async ({ attribute, changes }) => {
    const before = await bench.read(brokerId)
    await expect(update({ Logs: { Audit: true }, ...changes })).rejects.toMatchObject({
      code: 'BadRequestException',
      members: { ErrorAttribute: attribute },
    })
    expect(await bench.read(brokerId)).toEqual(before)
  },
)

test('version and instance type wait for a reboot, and are shown as pending', async () => {
  await update({ EngineVersion: '5.17.6', HostInstanceType: 'mq.t3.micro' })
  expect(await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())).toMatchObject({
    EngineVersion: '5.18.3',
    PendingEngineVersion: '5.17.6',
    HostInstanceType: 'mq.m5.large',
    PendingHostInstanceType: 'mq.t3.micro',
  })
})

test('the older version may do without automatic upgrades, the newer may not', async () => {
  await update({ EngineVersion: '5.17.6', AutoMinorVersionUpgrade: false })
  await expect(update({ EngineVersion: '5.18' })).rejects.toMatchObject({
    members: { ErrorAttribute: 'autoMinorVersionUpgrade' },
  })
  await update({ EngineVersion: '5.18', AutoMinorVersionUpgrade: true })
  expect((await bench.read(brokerId))?.desired.engineVersion.runs).toBe('5.18.3')
})

test('a broker on EBS storage does not go to an instance type without it', async () => {
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    storageType: 'ebs',
  }))
  await expect(update({ HostInstanceType: 'mq.t3.micro' })).rejects.toMatchObject({ code: 'BadRequestException' })
})

test('what changes nothing does not count as a change of the settings', async () => {
  await update({ Logs: { General: true, Audit: false }, EngineVersion: '5.18' })
  expect(await bench.read(brokerId)).not.toHaveProperty('desiredSince')
  await update({ Logs: { Audit: true } })
  expect((await bench.read(brokerId))?.desiredSince).toBeTypeOf('number')
})

test('changes made at the same time all arrive', async () => {
  await Promise.all([
    update({ Logs: { Audit: true } }),
    update({ SecurityGroups: ['sg-9'] }),
    run(
      life,
      'CreateTags',
      { ResourceArn: `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`, Tags: { a: 'b' } },
      bench.contextOf(),
    ),
  ])
  expect(await bench.read(brokerId)).toMatchObject({
    desired: { logs: { audit: true } },
    securityGroups: ['sg-9'],
    tags: { a: 'b' },
  })
})
