import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms'
import {
  BadRequestException,
  CreateBrokerCommand,
  CreateConfigurationCommand,
  CreateTagsCommand,
  CreateUserCommand,
  DeleteConfigurationCommand,
  DeleteTagsCommand,
  DeleteUserCommand,
  DescribeBrokerCommand,
  DescribeBrokerEngineTypesCommand,
  DescribeBrokerInstanceOptionsCommand,
  DescribeConfigurationCommand,
  DescribeUserCommand,
  ListConfigurationRevisionsCommand,
  ListConfigurationsCommand,
  ListTagsCommand,
  ListUsersCommand,
  NotFoundException,
  PromoteCommand,
  RebootBrokerCommand,
  UpdateBrokerCommand,
  UpdateConfigurationCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-mq'
import { beforeAll, expect, test } from 'vitest'
import { stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { BROKER_USER, reboot, untilRunning } from './brokers.ts'

const OPERATOR = { username: BROKER_USER.Username, password: BROKER_USER.Password }
const GUEST = { username: 'guest', password: 'guests-come-late' }

const platform = filePlatform({ env: { SLUICE_TESTING: '1' } })
const aws = platform.clients()
let ca: string
let brokerId: string
let configurationId: string
/** The KMS key of the broker. */
let key: string

beforeAll(async () => {
  ca = await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
  const made = await aws.mq.send(new CreateConfigurationCommand({ Name: 'guarded', EngineType: 'ACTIVEMQ' }))
  configurationId = made.Id ?? ''
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}))
  key = KeyMetadata?.Arn ?? ''
  const { BrokerId = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: 'settings',
      DeploymentMode: 'SINGLE_INSTANCE',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.17.6',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      Users: [{ ...BROKER_USER, Groups: [...BROKER_USER.Groups] }],
      EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: key },
    }),
  )
  brokerId = BrokerId
  await untilRunning(aws.mq, brokerId)
})

const describeBroker = () => aws.mq.send(new DescribeBrokerCommand({ BrokerId: brokerId }))
const stomp = async (): Promise<string> => (await describeBroker()).BrokerInstances?.[0]?.Endpoints?.[2] ?? ''
const revise = async (xml: string): Promise<number> => {
  const Data = Buffer.from(xml).toString('base64')
  const { LatestRevision } = await aws.mq.send(
    new UpdateConfigurationCommand({ ConfigurationId: configurationId, Data }),
  )
  return LatestRevision?.Revision ?? 0
}
const give = (Revision: number, more: object = {}) =>
  aws.mq.send(
    new UpdateBrokerCommand({ BrokerId: brokerId, Configuration: { Id: configurationId, Revision }, ...more }),
  )

const entry = (queue: string, groups: string): string =>
  `<authorizationEntry queue="${queue}" admin="${groups}" read="${groups}" write="${groups}"/>`
const GUARDED = `<broker><plugins><authorizationPlugin><map><authorizationMap><authorizationEntries>
  ${entry('>', 'admins,activemq-webconsole')}${entry('GUESTS.>', 'guests')}
  <authorizationEntry topic=">" admin="admins,guests,activemq-webconsole" read="admins,guests,activemq-webconsole" write="admins,guests,activemq-webconsole"/>
</authorizationEntries></authorizationMap></map></authorizationPlugin></plugins></broker>`

test('users through the official client, each change waiting for a reboot', async () => {
  const temporary = { BrokerId: brokerId, Username: 'temporary' }
  const pending = async () =>
    (await aws.mq.send(new ListUsersCommand({ BrokerId: brokerId }))).Users?.map(({ Username, PendingChange }) =>
      [Username, PendingChange].join(' '),
    )
  await aws.mq.send(new CreateUserCommand({ ...temporary, Password: 'temporary-pass-1' }))
  await aws.mq.send(new UpdateUserCommand({ ...temporary, Password: 'temporary-pass-2', ConsoleAccess: true }))
  await aws.mq.send(new UpdateUserCommand({ BrokerId: brokerId, Username: 'operator', Groups: ['admins', 'more'] }))
  expect(await pending()).toEqual(['operator UPDATE', 'temporary CREATE'])
  await aws.mq.send(new DeleteUserCommand(temporary))
  await aws.mq.send(new UpdateUserCommand({ BrokerId: brokerId, Username: 'operator', Groups: ['admins'] }))
  expect(await pending()).toEqual(['operator '])
  const taken = new CreateUserCommand({ BrokerId: brokerId, Username: 'operator', Password: 'temporary-pass-1' })
  await expect(aws.mq.send(taken)).rejects.toMatchObject({ name: 'ConflictException', errorAttribute: 'username' })
  await expect(aws.mq.send(new DescribeUserCommand(temporary))).rejects.toBeInstanceOf(NotFoundException)
})

test('configurations through the official client', async () => {
  const made = await aws.mq.send(new CreateConfigurationCommand({ Name: 'short-lived', EngineType: 'ACTIVEMQ' }))
  const id = { ConfigurationId: made.Id }
  const Data = Buffer.from('<broker><plugins><jaasAuthenticationPlugin/></plugins></broker>').toString('base64')
  const { Warnings } = await aws.mq.send(new UpdateConfigurationCommand({ ...id, Data, Description: 'second' }))
  expect(Warnings).toEqual([{ ElementName: 'jaasAuthenticationPlugin', Reason: 'DISALLOWED_ELEMENT_REMOVED' }])
  const described = await aws.mq.send(new DescribeConfigurationCommand(id))
  expect(described).toMatchObject({ Description: 'second', EngineType: 'ActiveMQ', LatestRevision: { Revision: 2 } })
  expect(described.Created).toBeInstanceOf(Date)
  const { Revisions } = await aws.mq.send(new ListConfigurationRevisionsCommand(id))
  expect(Revisions?.map(({ Revision }) => Revision)).toEqual([2, 1])
  const { Configurations } = await aws.mq.send(new ListConfigurationsCommand({}))
  expect(Configurations?.map(({ Name }) => Name).toSorted()).toEqual([
    'guarded',
    'settings-configuration',
    'short-lived',
  ])
  await aws.mq.send(new DeleteConfigurationCommand(id))
  await expect(aws.mq.send(new DescribeConfigurationCommand(id))).rejects.toMatchObject({
    name: 'NotFoundException',
    errorAttribute: 'configuration_id',
  })
  const promotion = new PromoteCommand({ BrokerId: brokerId, Mode: 'FAILOVER' })
  await expect(aws.mq.send(promotion)).rejects.toBeInstanceOf(BadRequestException)
})

test('its passwords are under a KMS key: while that is disabled the broker runs on, and is not rebooted', async () => {
  expect((await describeBroker()).EncryptionOptions).toEqual({ UseAwsOwnedKey: false, KmsKeyId: key })
  await aws.kms.send(new DisableKeyCommand({ KeyId: key }))
  const refused = aws.mq.send(new RebootBrokerCommand({ BrokerId: brokerId }))
  await expect(refused).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringMatching(/is disabled/),
  })
  await stompSend(await stomp(), ca, OPERATOR, 'KEYED', 'still here')
  await aws.kms.send(new EnableKeyCommand({ KeyId: key }))
  expect(await stompReceive(await stomp(), ca, OPERATOR, 'KEYED')).toBe('still here')
})

test('tags and the catalogue through the official client', async () => {
  const of = { ResourceArn: (await describeBroker()).BrokerArn }
  await aws.mq.send(new CreateTagsCommand({ ...of, Tags: { team: 'payments', stage: 'test' } }))
  await aws.mq.send(new DeleteTagsCommand({ ...of, TagKeys: ['stage', 'none'] }))
  expect((await aws.mq.send(new ListTagsCommand(of))).Tags).toEqual({ team: 'payments' })
  expect((await describeBroker()).Tags).toEqual({ team: 'payments' })

  const only = { EngineType: 'ACTIVEMQ' }
  const { BrokerEngineTypes = [] } = await aws.mq.send(new DescribeBrokerEngineTypesCommand(only))
  expect(BrokerEngineTypes.map(({ EngineVersions = [] }) => EngineVersions.map(({ Name }) => Name))).toEqual([
    ['5.18', '5.17.6', '5.16.7'],
  ])
  const unknown = new UpdateBrokerCommand({ BrokerId: brokerId, EngineVersion: '5.15.16' })
  await expect(aws.mq.send(unknown)).rejects.toMatchObject({
    errorAttribute: 'engineVersion',
    message: expect.stringContaining('Valid values: [5.18, 5.17.6, 5.16.7].') as string,
  })
  const options = { ...only, HostInstanceType: 'mq.m5.large', StorageType: 'EBS' }
  const { BrokerInstanceOptions } = await aws.mq.send(new DescribeBrokerInstanceOptionsCommand(options))
  expect(BrokerInstanceOptions).toMatchObject([
    { HostInstanceType: 'mq.m5.large', StorageType: 'EBS', SupportedDeploymentModes: ['SINGLE_INSTANCE'] },
  ])
})

test('passwords and configurations are on record as that they were sent, not what they were', async () => {
  const records = async (name: string) => {
    const { Events = [] } = await aws.cloudtrail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }] }),
    )
    return Events.map(({ CloudTrailEvent = '' }) => CloudTrailEvent)
  }
  for (const name of ['CreateUser', 'UpdateUser']) {
    const found = await records(name)
    expect(found.length).toBeGreaterThan(0)
    expect(found.join()).toContain('"password":"***"')
    expect(found.join()).not.toContain('temporary-pass')
  }
  expect((await records('UpdateConfiguration')).join()).toContain('"data":"***"')
  expect((await records('DeleteUser')).join()).toContain('"username":"temporary"')
})

test('version, configuration and a new user wait for the reboot, and the messages stay', async () => {
  await stompSend(await stomp(), ca, OPERATOR, 'ORDERS', 'from before the upgrade')
  await aws.mq.send(
    new CreateUserCommand({
      BrokerId: brokerId,
      Username: GUEST.username,
      Password: GUEST.password,
      Groups: ['guests'],
    }),
  )
  await give(await revise(GUARDED), { EngineVersion: '5.18', AutoMinorVersionUpgrade: true })
  expect(await describeBroker()).toMatchObject({
    EngineVersion: '5.17.6',
    PendingEngineVersion: '5.18.3',
    Configurations: { Pending: { Id: configurationId, Revision: 2 } },
    Users: [{ Username: 'operator' }, { Username: 'guest', PendingChange: 'CREATE' }],
  })
  await expect(stompSend(await stomp(), ca, GUEST, 'GUESTS.Q', 'too early')).rejects.toThrow(/password is invalid/)

  const rebooted = await reboot(aws.mq, brokerId)
  expect(rebooted).toMatchObject({
    EngineVersion: '5.18.3',
    Configurations: { Current: { Id: configurationId, Revision: 2 } },
  })
  expect(rebooted.PendingEngineVersion).toBeUndefined()
  const user = await aws.mq.send(new DescribeUserCommand({ BrokerId: brokerId, Username: GUEST.username }))
  expect(user).toMatchObject({ Groups: ['guests'], ConsoleAccess: false })
  expect(user.Pending).toBeUndefined()
  expect(await stompReceive(await stomp(), ca, OPERATOR, 'ORDERS')).toBe('from before the upgrade')
  await stompSend(await stomp(), ca, GUEST, 'GUESTS.Q', 'welcome')
  await expect(stompSend(await stomp(), ca, GUEST, 'ORDERS', 'x')).rejects.toThrow(/not authorized/)
})

test('a configuration with which the broker cannot start leaves it on the last good one, and that is said', async () => {
  await give(await revise('<broker><plugins><redeliveryPlugin/></plugins></broker>'))
  await aws.mq.send(new RebootBrokerCommand({ BrokerId: brokerId }))
  const refused = await eventually(
    'the broker is back',
    120,
    describeBroker,
    ({ BrokerState }) => BrokerState === 'CRITICAL_ACTION_REQUIRED',
  )
  expect(refused).toMatchObject({
    Configurations: { Current: { Revision: 2 }, Pending: { Revision: 3 } },
    ActionsRequired: [{ ActionRequiredCode: 'BROKER_SETTINGS_REFUSED' }],
  })
  expect(await stompReceive(await stomp(), ca, GUEST, 'GUESTS.Q')).toBe('welcome')
  await expect(stompSend(await stomp(), ca, GUEST, 'ORDERS', 'x')).rejects.toThrow(/not authorized/)
})

test('the maintenance window applies what is pending, and nobody is on record for it', async () => {
  const before = await reboots()
  const window = { DayOfWeek: 'MONDAY', TimeOfDay: '03:00', TimeZone: 'UTC' }
  await give(await revise('<broker/>'), { MaintenanceWindowStartTime: window })
  const now = new Date()
  const days = (8 - now.getUTCDay()) % 7 || 7
  const opens = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, 3)
  await fetch(new URL('/_sluice/clock', platform.url), {
    method: 'POST',
    headers: { 'x-sluice-testing': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMillis: opens - now.getTime() + 60_000 }),
  })
  const maintained = await eventually(
    'the window was used',
    120,
    describeBroker,
    ({ BrokerState, Configurations }) => BrokerState === 'RUNNING' && Configurations?.Current?.Revision === 4,
  )
  expect(maintained.ActionsRequired).toEqual([])
  await stompSend(await stomp(), ca, GUEST, 'ORDERS', 'nothing is guarded any more')
  expect(await reboots()).toBe(before)
})

async function reboots(): Promise<number> {
  const { Events = [] } = await aws.cloudtrail.send(
    new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'RebootBroker' }] }),
  )
  return Events.length
}
