import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateBrokerCommand,
  CreateConfigurationCommand,
  DescribeBrokerCommand,
  RebootBrokerCommand,
  UpdateBrokerCommand,
  UpdateConfigurationCommand,
} from '@aws-sdk/client-mq'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activemqConsole } from '@sluice/cli/activemq-console'
import { amqpRoundTrip, mqttRoundTrip, stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { groupOf, instancePid, messagesOf, putLogPolicy, reboot, untilLine, untilRunning } from './brokers.ts'
import { openWireRoundTrip } from './openwire.ts'
import { type Directory, startDirectory, whyNoDirectory } from './directory.ts'

const BASE = 'dc=example,dc=com'
/** Looked for everywhere afterwards; Spring, Java and a shell would each make something of it. */
const MARKER = 'service ${MARKER} #{6*7} "quoted" \\slash'
const ALICE = { username: 'alice', password: 'alice-pässword-1' }
const BOB = { username: 'bob', password: 'bob-password-22' }

const entry = (dn: string, attributes: Readonly<Record<string, string | readonly string[]>>): string =>
  [
    `dn: ${dn}`,
    ...Object.entries(attributes).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}:: ${Buffer.from(value).toString('base64')}`),
    ),
    '',
    '',
  ].join('\n')
const unit = (name: string, below = BASE): string =>
  entry(`ou=${name},${below}`, { objectClass: 'organizationalUnit', ou: name })
const personDn = (name: string): string => `uid=${name},ou=people,${BASE}`
const person = ({ username, password }: typeof BOB): string =>
  entry(personDn(username), {
    objectClass: 'inetOrgPerson',
    uid: username,
    cn: username,
    sn: username,
    userPassword: password,
  })
const groupDn = (name: string): string => `cn=${name},ou=groups,${BASE}`
const group = (name: string, ...members: readonly string[]): string =>
  entry(groupDn(name), { objectClass: 'groupOfNames', cn: name, member: members.map(personDn) })
/** Who may do what with a destination, as Amazon MQ's guide has it; `$` is ActiveMQ's `>`. */
const permissions = (kind: 'queue' | 'topic', name: string, ...groups: readonly string[]): string => {
  const dn = `ou=${name},ou=${kind},ou=destinations,${BASE}`
  const each = ['admin', 'read', 'write'].map((cn) =>
    entry(`cn=${cn},${dn}`, { objectClass: 'groupOfNames', cn, member: groups.map(groupDn) }),
  )
  return [unit(name, `ou=${kind},ou=destinations,${BASE}`), ...each].join('')
}

const CONSOLE_ADMINS = 'amazonmq-console-admins'
const DATA = [
  entry(BASE, { objectClass: 'domain', dc: 'example' }),
  ...['services', 'people', 'groups', 'destinations'].map((name) => unit(name)),
  ...['queue', 'topic', 'temp'].map((name) => unit(name, `ou=destinations,${BASE}`)),
  entry(`cn=broker,ou=services,${BASE}`, { objectClass: 'person', cn: 'broker', sn: 'broker', userPassword: MARKER }),
  person(ALICE),
  person(BOB),
  group(CONSOLE_ADMINS, 'alice'),
  group('devs', 'bob'),
  permissions('queue', '$', CONSOLE_ADMINS),
  permissions('queue', 'DEV.$', 'devs'),
  permissions('queue', 'openwire.q', 'devs'),
  permissions('topic', 'DEV.$', 'devs'),
  permissions('topic', '$', CONSOLE_ADMINS),
  permissions('topic', 'ActiveMQ.Advisory.$', CONSOLE_ADMINS, 'devs'),
].join('')

const bases = ['queue', 'topic', 'temp'].map((kind) => `${kind}SearchBase="ou=${kind},ou=destinations,${BASE}"`)
const CONFIGURATION = `<broker><plugins><authorizationPlugin><map>
  <cachedLDAPAuthorizationMap ${bases.join(' ')} refreshInterval="500" legacyGroupMapping="false"/>
</map></authorizationPlugin></plugins></broker>`

const without = await whyNoDirectory()
if (without !== undefined) process.stderr.write(`Brokers with LDAP are not tested: ${without}\n`)

describe.skipIf(without !== undefined)('a pair of brokers whose users are in a directory', () => {
  const directory = temporaryDirectory()
  let server: Directory
  let platform: TestPlatform
  let aws: Clients
  let ca: string
  let brokerId: string
  /** Of the instance that serves. */
  let endpoints: readonly string[]
  let consoleUrl: string

  const metadata = (Hosts: string[], ServiceAccountPassword: string) => ({
    Hosts,
    ServiceAccountUsername: `cn=broker,ou=services,${BASE}`,
    ServiceAccountPassword,
    UserBase: `ou=people,${BASE}`,
    UserSearchMatching: '(uid={0})',
    RoleBase: `ou=groups,${BASE}`,
    RoleSearchMatching: '(member={0})',
    RoleName: 'cn',
  })
  const describeBroker = () => aws.mq.send(new DescribeBrokerCommand({ BrokerId: brokerId }))
  const consoleOf = (login: typeof BOB) => activemqConsole({ consoleUrl, caPem: ca, ...login })
  const stomp = (): string => endpoints[2] ?? ''
  /** From now on this instance is talked to. */
  const talkTo = async (instance: 1 | 2): Promise<void> => {
    const { BrokerInstances = [] } = await untilRunning(aws.mq, brokerId)
    endpoints = BrokerInstances[instance - 1]?.Endpoints ?? []
    consoleUrl = BrokerInstances[instance - 1]?.ConsoleURL ?? ''
  }

  beforeAll(async () => {
    server = await startDirectory(DATA, BASE)
    platform = await startTestPlatform({ data: directory.path, env: { SLUICE_LDAP_CA_FILE: server.caFile } })
    aws = clients(platform.url)
    ca = await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
    await putLogPolicy(aws.logs)
    const { Id } = await aws.mq.send(
      new CreateConfigurationCommand({ Name: 'directory', EngineType: 'ACTIVEMQ', AuthenticationStrategy: 'LDAP' }),
    )
    const Data = Buffer.from(CONFIGURATION).toString('base64')
    const { Warnings } = await aws.mq.send(new UpdateConfigurationCommand({ ConfigurationId: Id, Data }))
    expect(Warnings).toEqual([])
    const { BrokerId = '' } = await aws.mq.send(
      new CreateBrokerCommand({
        BrokerName: 'ldap',
        DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
        EngineType: 'ACTIVEMQ',
        HostInstanceType: 'mq.t3.micro',
        PubliclyAccessible: false,
        Logs: { General: true, Audit: true },
        Configuration: { Id },
        AuthenticationStrategy: 'LDAP',
        // The first one is nobody: the second one serves.
        LdapServerMetadata: metadata(['nobody.invalid', server.host], MARKER),
      }),
    )
    brokerId = BrokerId
    await talkTo(1)
  })
  afterAll(async () => {
    await platform?.stop()
    await server?.stop()
    directory.remove()
  })

  test('the API tells the directory without the password', async () => {
    const broker = await describeBroker()
    expect(broker).toMatchObject({
      AuthenticationStrategy: 'ldap',
      LdapServerMetadata: { Hosts: ['nobody.invalid', server.host], RoleName: 'cn', RoleSearchSubtree: false },
      Users: [],
    })
    expect(JSON.stringify(broker)).not.toContain('quoted')
  })

  test('users of the directory log in and may do what it says; others, wrong and empty passwords are refused', async () => {
    await stompSend(stomp(), ca, BOB, 'DEV.Q', 'by a developer')
    expect(await stompReceive(stomp(), ca, BOB, 'DEV.Q')).toBe('by a developer')
    await expect(stompSend(stomp(), ca, BOB, 'SECRET.Q', 'x')).rejects.toThrow('not authorized to write to')
    await stompSend(stomp(), ca, ALICE, 'SECRET.Q', 'by an administrator')
    expect(await amqpRoundTrip(endpoints[1] ?? '', ca, BOB, 'DEV.AMQP', 'over AMQP')).toBe('over AMQP')
    for (const login of [
      { ...BOB, password: 'wrong' },
      { ...BOB, password: '' },
      { ...BOB, username: 'nobody' },
    ])
      await expect(stompSend(stomp(), ca, login, 'DEV.Q', 'x')).rejects.toThrow(
        `User name [${login.username}] or password is invalid`,
      )
  })

  test('over MQTT, WebSocket and OpenWire they log in alike', async () => {
    for (const endpoint of [endpoints[3]?.replace(/^mqtt\+ssl/, 'mqtts') ?? '', endpoints[4] ?? '']) {
      expect(await mqttRoundTrip(endpoint, ca, BOB, 'DEV/NEWS', 'read it')).toBe('read it')
      await expect(mqttRoundTrip(endpoint, ca, { ...BOB, password: 'wrong' }, 'DEV/NEWS', 'x')).rejects.toThrow()
    }
    const roundTrip = (password: string) =>
      openWireRoundTrip(endpoints[0] ?? '', join(directory.path, 'ca', 'ca.pem'), { ...BOB, password }, 'over OpenWire')
    expect(roundTrip(BOB.password).stdout.trim()).toBe('over OpenWire')
    expect(roundTrip('wrong').stderr).toContain('User name [bob] or password is invalid')
  })

  test('the console is for its administrators, and the audit log has their names', async () => {
    await consoleOf(ALICE).createQueue('FROM.THE.CONSOLE')
    await expect(consoleOf(BOB).page('queues.jsp')).rejects.toThrow('403')
    await expect(consoleOf({ ...ALICE, password: 'wrong' }).page('queues.jsp')).rejects.toThrow('401')
    await expect(consoleOf(ALICE).page('../api/jolokia/')).rejects.toThrow('403')
    const lines = await untilLine(aws.logs, groupOf(brokerId, 'audit'), 'createDestination')
    const found = (pattern: RegExp): string | undefined => lines.find((line) => pattern.test(line))
    expect(found(/createDestination/)).toMatch(/^INFO {2}\| alice requested \/admin\/createDestination\.action/)
    expect(found(/Adding Connection: .*userName = bob/)).toMatch(/\| stomp\+ssl:/)
    expect(found(/Failed to add Connection .*User name \[nobody\] or password is invalid/)).toBeDefined()
    expect(found(/User bob is not authorized to write to: queue:\/\/SECRET\.Q/)).toBeDefined()
  })

  test('a change of groups counts with the next log-in, for queues and for the console, without a reboot', async () => {
    await server.change(`dn: ${groupDn(CONSOLE_ADMINS)}\nchangetype: modify\nadd: member\nmember: ${personDn('bob')}`)
    expect(await consoleOf(BOB).page('queues.jsp')).toContain('FROM.THE.CONSOLE')
    await stompSend(stomp(), ca, BOB, 'SECRET.Q', 'promoted')
    await server.change(
      `dn: ${groupDn(CONSOLE_ADMINS)}\nchangetype: modify\ndelete: member\nmember: ${personDn('bob')}`,
    )
    await expect(consoleOf(BOB).page('queues.jsp')).rejects.toThrow('403')
    await expect(stompSend(stomp(), ca, BOB, 'SECRET.Q', 'x')).rejects.toThrow('not authorized')
  })

  test('a change of permissions counts when it was read again', async () => {
    const dn = `cn=write,ou=$,ou=queue,ou=destinations,${BASE}`
    await server.change(`dn: ${dn}\nchangetype: modify\nadd: member\nmember: ${groupDn('devs')}`)
    await eventually(
      'bob may write to any queue',
      20,
      () => stompSend(stomp(), ca, BOB, 'DEV.Q', 'x').then(() => stompSend(stomp(), ca, BOB, 'FROM.THE.CONSOLE', 'x')),
      () => true,
    )
  })

  test('when the one that serves is killed, the directory’s users find their messages and their console at the other', async () => {
    await stompSend(stomp(), ca, BOB, 'DEV.KEPT', 'survives its broker')
    process.kill(instancePid(directory.path, brokerId, 1), 'SIGKILL')
    await talkTo(2)
    const kept = await eventually(
      'the message at the other instance',
      30,
      () => stompReceive(stomp(), ca, BOB, 'DEV.KEPT'),
      () => true,
    )
    expect(kept).toBe('survives its broker')
    await expect(stompSend(stomp(), ca, { ...BOB, password: '' }, 'DEV.Q', 'x')).rejects.toThrow('password is invalid')
    await eventually(
      'the console, which comes up last',
      30,
      () => consoleOf(ALICE).page('queues.jsp'),
      (page) => page.includes('FROM.THE.CONSOLE'),
    )
    await expect(consoleOf(BOB).page('queues.jsp')).rejects.toThrow('403')
  })

  test('a reboot with a directory that does not answer is refused before it stops the broker, and why says so', async () => {
    const wrong = metadata(['127.0.63.99'], 'another secret of the service')
    await aws.mq.send(new UpdateBrokerCommand({ BrokerId: brokerId, LdapServerMetadata: wrong }))
    await aws.mq.send(new RebootBrokerCommand({ BrokerId: brokerId }))
    const refused = await eventually(
      'the directory was refused',
      60,
      describeBroker,
      ({ BrokerState }) => BrokerState === 'CRITICAL_ACTION_REQUIRED',
    )
    expect(refused).toMatchObject({
      LdapServerMetadata: { Hosts: ['nobody.invalid', server.host] },
      PendingLdapServerMetadata: { Hosts: ['127.0.63.99'] },
      ActionsRequired: [
        {
          ActionRequiredCode: 'BROKER_SETTINGS_REFUSED',
          ActionRequiredInfo: expect.stringContaining(
            'ldaps://127.0.63.99:636 cannot be asked: connect ECONNREFUSED',
          ) as string,
        },
      ],
    })
    const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
    const command = ['--disable-warning=ExperimentalWarning', main, 'why', 'ldap', '--data', directory.path]
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    expect(stdout).toContain('ldaps://127.0.63.99:636 cannot be asked')
    expect(stdout).toContain('Its LDAP servers answer')
    await stompSend(stomp(), ca, BOB, 'DEV.Q', 'still served')
  })

  test('with its directory back it is rebooted, one instance after the other', async () => {
    const LdapServerMetadata = metadata([server.host], MARKER)
    await aws.mq.send(new UpdateBrokerCommand({ BrokerId: brokerId, LdapServerMetadata }))
    const rebooted = await reboot(aws.mq, brokerId)
    expect(rebooted).toMatchObject({ LdapServerMetadata: { Hosts: [server.host] }, ActionsRequired: [] })
    await talkTo(1)
    await stompSend(stomp(), ca, BOB, 'DEV.Q', 'served by the first one again')
  })

  test('the password of the service account is in no file, record, log or argument', async () => {
    const { Events = [] } = await aws.cloudtrail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateBroker' }] }),
    )
    const [record = ''] = Events.map(({ CloudTrailEvent = '' }) => CloudTrailEvent)
    expect(record).toContain('"serviceAccountPassword":"***"')
    const places = new Map([
      ['CloudTrail', record],
      ['the output of the platform', platform.output()],
      ['the process list', spawnSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' }).stdout],
      ['the general log', (await messagesOf(aws.logs, groupOf(brokerId, 'general'))).join('\n')],
      ['the audit log', (await messagesOf(aws.logs, groupOf(brokerId, 'audit'))).join('\n')],
      ...filesBelow(directory.path),
    ])
    expect(places.get('the process list')).toContain(`-Dsluice.broker=${brokerId}`)
    expect(places.size).toBeGreaterThan(20)
    const secrets = ['#{6*7}', Buffer.from(MARKER).toString('base64'), 'another secret of the service']
    const found = [...places].filter(([, text]) => secrets.some((secret) => text.includes(secret)))
    expect(found.map(([place]) => place)).toEqual([])
  })
})

/** What is in every file below a directory; one that goes away meanwhile has its content in another. */
const filesBelow = (directory: string): readonly (readonly [string, string])[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((each) => {
    const file = join(each.parentPath, each.name)
    try {
      return each.isFile() ? [[file, readFileSync(file, 'latin1')] as const] : []
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
