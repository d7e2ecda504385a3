import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OperationInput } from '#kernel/call.ts'
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

const SECRET = 'the-secret-of-the-service-account'
const METADATA = {
  Hosts: ['ldap-1.example.com', 'ldap-2.example.com'],
  ServiceAccountUsername: 'cn=broker,ou=services,dc=example,dc=com',
  ServiceAccountPassword: SECRET,
  UserBase: 'ou=people,dc=example,dc=com',
  UserSearchMatching: '(uid={0})',
  UserSearchSubtree: true,
  RoleBase: 'ou=groups,dc=example,dc=com',
  RoleSearchMatching: '(member={0})',
  RoleName: 'cn',
} as const
const { ServiceAccountPassword: _never, ...VISIBLE } = METADATA
const SHOWN = { ...VISIBLE, RoleSearchSubtree: false }
/** What a new broker of the strategy LDAP is asked for with; the users are those that Terraform cannot leave out. */
const LDAP = { AuthenticationStrategy: 'ldap', LdapServerMetadata: METADATA } as const

let bench: Bench
let life: Life
beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
})
afterEach(() => bench.close())

type Changes = Omit<OperationInput<'mq', 'UpdateBroker'>, 'BrokerId'>
async function running(changes: Partial<OperationInput<'mq', 'CreateBroker'>> = {}): Promise<string> {
  const brokerId = await create(life, bench.contextOf(), changes)
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}
const update = (brokerId: string, changes: Changes) =>
  run(life, 'UpdateBroker', { BrokerId: brokerId, ...changes }, bench.contextOf())
const described = (brokerId: string) => run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
const reboot = (brokerId: string) => run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
const why = (brokerId: string) => life.diagnose(brokerId, { account: ACCOUNT, region: REGION })
const badRequest = (attribute: string) => ({ code: 'BadRequestException', members: { ErrorAttribute: attribute } })

describe('CreateBroker', () => {
  test('the directory is told without its password, and the engine gets it with it', async () => {
    const brokerId = await running(LDAP)
    const broker = await described(brokerId)
    expect(broker).toMatchObject({ AuthenticationStrategy: 'ldap', LdapServerMetadata: SHOWN })
    expect(broker.PendingLdapServerMetadata).toBeUndefined()
    expect(JSON.stringify(broker)).not.toContain(SECRET)
    expect(bench.world.starts[0]?.ldap).toEqual({
      hosts: METADATA.Hosts,
      serviceAccountUsername: METADATA.ServiceAccountUsername,
      serviceAccountPassword: SECRET,
      userBase: METADATA.UserBase,
      userSearchMatching: METADATA.UserSearchMatching,
      userSearchSubtree: true,
      roleBase: METADATA.RoleBase,
      roleName: 'cn',
      roleSearchMatching: METADATA.RoleSearchMatching,
      roleSearchSubtree: false,
    })
  })

  test('no record holds the password, also not as what a request is recognised by', async () => {
    const CreatorRequestId = 'the-same-request'
    const brokerId = await running({ ...LDAP, CreatorRequestId })
    expect(JSON.stringify(await bench.read(brokerId))).not.toContain(SECRET)
    const repeated = newBroker({
      ...LDAP,
      CreatorRequestId,
      LdapServerMetadata: { ...METADATA, ServiceAccountPassword: 'another' },
    })
    expect((await run(life, 'CreateBroker', repeated, bench.contextOf())).BrokerId).toBe(brokerId)
    const other = { ...repeated, LdapServerMetadata: { ...METADATA, UserBase: 'ou=others' } }
    await expect(run(life, 'CreateBroker', other, bench.contextOf())).rejects.toMatchObject({
      code: 'ConflictException',
    })
  })

  test('users may be left out, and those that are sent are kept', async () => {
    const input = newBroker(LDAP)
    const { Users: _none, ...without } = input
    const { BrokerId = '' } = await run(life, 'CreateBroker', without, bench.contextOf())
    expect((await described(BrokerId)).Users).toEqual([])
    const named = await running({ ...LDAP, BrokerName: 'with-users' })
    expect((await described(named)).Users).toEqual([{ Username: 'admin' }])
  })

  test('a directory that does not answer is no reason to have no broker, as on AWS; why tells of it', async () => {
    bench.world.ldapFault = { kind: 'unusable', reason: 'ldaps://ldap-1.example.com:636 cannot be asked: timeout' }
    const brokerId = await running(LDAP)
    const diagnosis = await why(brokerId)
    expect(diagnosis.steps.find(({ title }) => title.includes('LDAP'))).toMatchObject({
      ok: false,
      title: 'Its LDAP servers cannot serve it',
      detail: 'ldap-1.example.com, ldap-2.example.com\nldaps://ldap-1.example.com:636 cannot be asked: timeout',
    })
    bench.world.ldapFault = undefined
    expect((await why(brokerId)).steps).toContainEqual({
      ok: true,
      title: 'Its LDAP servers answer',
      detail: 'ldap-1.example.com, ldap-2.example.com',
    })
  })

  const metadata = (changes: object) => ({ ...LDAP, LdapServerMetadata: { ...METADATA, ...changes } })
  test.each([
    ['LDAP without a directory', { AuthenticationStrategy: 'LDAP' }, 'ldapServerMetadata'],
    ['a directory without LDAP', { LdapServerMetadata: METADATA }, 'ldapServerMetadata'],
    ['a strategy of RabbitMQ', { AuthenticationStrategy: 'CONFIG_MANAGED' }, 'authenticationStrategy'],
    ['no host', metadata({ Hosts: [] }), 'ldapServerMetadata.hosts'],
    ['three hosts', metadata({ Hosts: ['a', 'b', 'c'] }), 'ldapServerMetadata.hosts'],
    ['a host with a protocol', metadata({ Hosts: ['ldap://example.com'] }), 'ldapServerMetadata.hosts'],
    ['a host with a port', metadata({ Hosts: ['example.com:389'] }), 'ldapServerMetadata.hosts'],
    ['two hosts in one', metadata({ Hosts: ['a.example.com ldap://b'] }), 'ldapServerMetadata.hosts'],
    ['an empty base', metadata({ UserBase: '' }), 'ldapServerMetadata.userBase'],
    ['what Java would replace', metadata({ RoleBase: 'ou=${user.home}' }), 'ldapServerMetadata.roleBase'],
    [
      'what Spring would run',
      metadata({ ServiceAccountUsername: '#{1}' }),
      'ldapServerMetadata.serviceAccountUsername',
    ],
    ['a line break', metadata({ UserSearchMatching: '(uid={0})\n' }), 'ldapServerMetadata.userSearchMatching'],
    [
      'a filter beyond any need',
      metadata({ RoleSearchMatching: 'x'.repeat(1_025) }),
      'ldapServerMetadata.roleSearchMatching',
    ],
    ['no password', metadata({ ServiceAccountPassword: '' }), 'ldapServerMetadata.serviceAccountPassword'],
    ['RabbitMQ', { ...LDAP, EngineType: 'RabbitMQ' }, 'authenticationStrategy'],
    ['RabbitMQ with a directory', { LdapServerMetadata: METADATA, EngineType: 'RabbitMQ' }, 'ldapServerMetadata'],
  ] as const)('%s is refused, without the password in the message', async (_what, changes, attribute) => {
    const refused = run(life, 'CreateBroker', newBroker(changes), bench.contextOf())
    await expect(refused).rejects.toMatchObject(badRequest(attribute))
    await expect(refused).rejects.not.toThrow(SECRET)
    expect((await run(life, 'ListBrokers', {}, bench.contextOf())).BrokerSummaries).toEqual([])
  })
})

describe('UpdateBroker', () => {
  test('LDAP waits for the reboot, is told as pending until then, and goes again in the same way', async () => {
    const brokerId = await running()
    const answer = await update(brokerId, LDAP)
    expect(answer).toMatchObject({ AuthenticationStrategy: 'ldap', LdapServerMetadata: SHOWN })
    expect(await described(brokerId)).toMatchObject({
      AuthenticationStrategy: 'simple',
      PendingAuthenticationStrategy: 'ldap',
      PendingLdapServerMetadata: SHOWN,
    })
    expect((await described(brokerId)).LdapServerMetadata).toBeUndefined()
    await reboot(brokerId)
    await bench.untilState(brokerId, 'RUNNING')
    expect(bench.world.askedOfLdap).toEqual([`${SECRET}@ldap-1.example.com,ldap-2.example.com`])
    expect(bench.world.starts.at(-1)?.ldap?.serviceAccountPassword).toBe(SECRET)
    const after = await described(brokerId)
    expect(after).toMatchObject({ AuthenticationStrategy: 'ldap', LdapServerMetadata: SHOWN })
    expect([after.PendingAuthenticationStrategy, after.PendingLdapServerMetadata]).toEqual([undefined, undefined])

    await update(brokerId, { AuthenticationStrategy: 'SIMPLE' })
    expect(await described(brokerId)).toMatchObject({
      AuthenticationStrategy: 'ldap',
      PendingAuthenticationStrategy: 'simple',
    })
    await reboot(brokerId)
    await bench.untilState(brokerId, 'RUNNING')
    expect(bench.world.starts.at(-1)).not.toHaveProperty('ldap')
    expect((await described(brokerId)).LdapServerMetadata).toBeUndefined()
  })

  test('another directory is a change; the same strategy without one is none', async () => {
    const brokerId = await running(LDAP)
    await update(brokerId, { AuthenticationStrategy: 'LDAP', Logs: { General: true } })
    expect((await described(brokerId)).PendingLdapServerMetadata).toBeUndefined()
    await update(brokerId, { LdapServerMetadata: { ...METADATA, Hosts: ['ldap-3.example.com'] } })
    expect(await described(brokerId)).toMatchObject({
      LdapServerMetadata: { Hosts: METADATA.Hosts },
      PendingLdapServerMetadata: { Hosts: ['ldap-3.example.com'] },
    })
  })

  test.each([
    ['LDAP without a directory', { AuthenticationStrategy: 'LDAP' }, 'ldapServerMetadata'],
    ['a directory without LDAP', { LdapServerMetadata: METADATA }, 'ldapServerMetadata'],
    ['SIMPLE with a directory', { ...LDAP, AuthenticationStrategy: 'SIMPLE' }, 'ldapServerMetadata'],
  ])('%s is refused and changes nothing', async (_what, changes, attribute) => {
    const brokerId = await running()
    const before = await bench.read(brokerId)
    await expect(update(brokerId, { Logs: { Audit: true }, ...changes })).rejects.toMatchObject(badRequest(attribute))
    expect(await bench.read(brokerId)).toEqual(before)
  })

  test('a reboot does not stop a broker for a directory that cannot serve it, and that is said until it is mended', async () => {
    const brokerId = await running()
    await update(brokerId, LDAP)
    bench.world.ldapFault = {
      kind: 'unusable',
      reason: 'ldaps://ldap-1.example.com:636 does not take the service account',
    }
    const pid = bench.world.processes.get(brokerId)?.pid
    await reboot(brokerId)
    await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
    expect(bench.world.processes.get(brokerId)?.pid).toBe(pid)
    const broker = await described(brokerId)
    expect(broker).toMatchObject({ AuthenticationStrategy: 'simple', PendingAuthenticationStrategy: 'ldap' })
    expect(broker.ActionsRequired).toEqual([
      {
        ActionRequiredCode: 'BROKER_SETTINGS_REFUSED',
        ActionRequiredInfo:
          'The broker did not start with its pending settings and runs with those it had before: ldaps://ldap-1.example.com:636 does not take the service account',
      },
    ])
    expect((await why(brokerId)).steps[0]?.detail).toContain('does not take the service account')
    bench.world.ldapFault = undefined
    await reboot(brokerId)
    await bench.untilState(brokerId, 'RUNNING')
    expect((await described(brokerId)).AuthenticationStrategy).toBe('ldap')
  })

  test('taking LDAP back mends it without a reboot', async () => {
    const brokerId = await running()
    await update(brokerId, LDAP)
    bench.world.ldapFault = { kind: 'unsafe', reason: 'a name without a password is taken' }
    await reboot(brokerId)
    await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
    await update(brokerId, { AuthenticationStrategy: 'SIMPLE' })
    expect(await described(brokerId)).toMatchObject({ BrokerState: 'RUNNING', ActionsRequired: [] })
  })

  test('a broker that has its directory is rebooted also while that does not answer', async () => {
    const brokerId = await running(LDAP)
    bench.world.ldapFault = { kind: 'unusable', reason: 'nobody there' }
    await reboot(brokerId)
    await bench.untilState(brokerId, 'RUNNING')
    expect(bench.world.starts).toHaveLength(2)
  })
})

test('users of a broker with LDAP are its directory’s: they can be read here, and not changed', async () => {
  const brokerId = await running(LDAP)
  const user = { BrokerId: brokerId, Username: 'admin' }
  const refusal = {
    ...badRequest('broker-id'),
    message: expect.stringContaining('managed in its LDAP server') as string,
  }
  const password = { Password: 'another horse 12' }
  await expect(
    run(life, 'CreateUser', { ...user, Username: 'new', ...password }, bench.contextOf()),
  ).rejects.toMatchObject(refusal)
  await expect(run(life, 'UpdateUser', { ...user, ...password }, bench.contextOf())).rejects.toMatchObject(refusal)
  await expect(run(life, 'DeleteUser', user, bench.contextOf())).rejects.toMatchObject(refusal)
  expect((await run(life, 'DescribeUser', user, bench.contextOf())).Username).toBe('admin')
  const { Id = '' } = await run(life, 'CreateConfiguration', { Name: 'x', EngineType: 'ACTIVEMQ' }, bench.contextOf())
  await update(brokerId, { AuthenticationStrategy: 'SIMPLE', Configuration: { Id } })
  await run(life, 'CreateUser', { ...user, Username: 'new', ...password }, bench.contextOf())
  expect((await described(brokerId)).Users).toHaveLength(2)
})

describe('configurations', () => {
  const PERMISSIONS =
    '<broker><plugins><authorizationPlugin><map><cachedLDAPAuthorizationMap queueSearchBase="ou=q" connectionPassword="x"/></map></authorizationPlugin></plugins></broker>'
  const createConfiguration = (Name: string, AuthenticationStrategy: string) =>
    run(life, 'CreateConfiguration', { Name, EngineType: 'ACTIVEMQ', AuthenticationStrategy }, bench.contextOf())
  const revise = (ConfigurationId: string) =>
    run(
      life,
      'UpdateConfiguration',
      { ConfigurationId, Data: Buffer.from(PERMISSIONS).toString('base64') },
      bench.contextOf(),
    )

  test('one for LDAP keeps the permissions of a directory, without a secret; any other loses them', async () => {
    const forLdap = await createConfiguration('for-ldap', 'LDAP')
    expect(forLdap.AuthenticationStrategy).toBe('ldap')
    const { Warnings } = await revise(forLdap.Id ?? '')
    expect(Warnings).toEqual([
      {
        Reason: 'DISALLOWED_ATTRIBUTE_REMOVED',
        ElementName: 'cachedLDAPAuthorizationMap',
        AttributeName: 'connectionPassword',
      },
    ])
    const described = await run(life, 'DescribeConfiguration', { ConfigurationId: forLdap.Id ?? '' }, bench.contextOf())
    expect(described.AuthenticationStrategy).toBe('ldap')
    const simple = await createConfiguration('simple', 'SIMPLE')
    expect((await revise(simple.Id ?? '')).Warnings).toEqual([
      { Reason: 'DISALLOWED_ELEMENT_REMOVED', ElementName: 'cachedLDAPAuthorizationMap' },
    ])
  })

  test('one for LDAP is for brokers with LDAP, and keeps them from going back without another one', async () => {
    const { Id = '' } = await createConfiguration('for-ldap', 'LDAP')
    await revise(Id)
    const simple = newBroker({ BrokerName: 'simple', Configuration: { Id } })
    await expect(run(life, 'CreateBroker', simple, bench.contextOf())).rejects.toMatchObject(
      badRequest('configuration'),
    )
    const brokerId = await running({ ...LDAP, Configuration: { Id } })
    const [plugin] = bench.world.starts[0]?.configuration.children ?? []
    expect(JSON.stringify(plugin)).toContain('"cachedLDAPAuthorizationMap"')
    await expect(update(brokerId, { AuthenticationStrategy: 'SIMPLE' })).rejects.toMatchObject(
      badRequest('configuration'),
    )
    const other = await createConfiguration('simple', 'SIMPLE')
    await update(brokerId, { AuthenticationStrategy: 'SIMPLE', Configuration: { Id: other.Id ?? '' } })
  })

  test('one that is made with a broker has the broker’s strategy', async () => {
    await running(LDAP)
    const { Configurations = [] } = await run(life, 'ListConfigurations', {}, bench.contextOf())
    expect(Configurations.map(({ AuthenticationStrategy }) => AuthenticationStrategy)).toEqual(['ldap'])
  })
})
