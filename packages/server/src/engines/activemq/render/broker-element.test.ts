import { parseXml } from '@sluice/wire'
import { expect, test } from 'vitest'
import { type BrokerElementInput, brokerElement } from '#engines/activemq/render/broker-element.ts'
import { type RenderedElement, elementText } from '#engines/activemq/render/element.ts'
import { networkPasswords } from '#engines/activemq/render/network-connectors.ts'

const USERS = [{ username: 'common', password: 'the common password', groups: [], consoleAccess: false }]

const input = (xml: string, change: Partial<BrokerElementInput> = {}): BrokerElementInput => ({
  brokerName: 'orders',
  dataDirectory: 'data',
  storeDirectory: 'data',
  isStoreShared: false,
  storage: { storeMib: 1_000, temporaryMib: 100 },
  keyStore: 'conf/broker.p12',
  trustStore: 'conf/trust.jks',
  connectors: [{ name: 'openwire', scheme: 'ssl', host: '127.1.2.3', port: 61617 }],
  maximumConnections: 300,
  users: USERS,
  isSecurityLogged: false,
  configuration: parseXml(Buffer.from(xml)),
  ...change,
})
const render = (xml: string, change?: Partial<BrokerElementInput>): RenderedElement => brokerElement(input(xml, change))
const inside = ({ children }: RenderedElement, name: string): RenderedElement =>
  children.find((child) => child.name === name) ?? { name: 'nothing', attributes: [], children: [] }
const values = ({ attributes }: RenderedElement): object =>
  Object.fromEntries(attributes.map(({ name, value }) => [name, value]))

test('what Amazon MQ decides cannot be decided by a configuration', () => {
  const broker = render('<broker brokerName="evil" useJmx="false" dataDirectory="/" persistent="false"/>')
  expect(values(broker)).toMatchObject({
    brokerName: 'orders',
    useJmx: 'true',
    dataDirectory: 'data',
    persistent: 'false',
  })
})

test('plugins of a configuration come after the authentication', () => {
  const broker = render('<broker><plugins><statisticsBrokerPlugin/><authorizationPlugin/></plugins></broker>')
  expect(inside(broker, 'plugins').children.map(({ name }) => name)).toEqual([
    'jaasAuthenticationPlugin',
    'statisticsBrokerPlugin',
    'authorizationPlugin',
  ])
})

test('a store keeps its directory, its limits and, when shared, its lock', () => {
  const xml =
    '<broker><persistenceAdapter><kahaDB journalDiskSyncStrategy="periodic"/></persistenceAdapter><systemUsage><systemUsage sendFailIfNoSpace="true"><memoryUsage><memoryUsage percentOfJvmHeap="40"/></memoryUsage></systemUsage></systemUsage></broker>'
  const alone = render(xml)
  const kahaDb = inside(inside(alone, 'persistenceAdapter'), 'kahaDB')
  expect(values(kahaDb)).toEqual({ journalDiskSyncStrategy: 'periodic', directory: 'data/kahadb' })
  expect(kahaDb.children).toEqual([])
  const usage = inside(inside(alone, 'systemUsage'), 'systemUsage')
  expect(values(usage)).toEqual({ sendFailIfNoSpace: 'true' })
  expect(values(inside(inside(usage, 'memoryUsage'), 'memoryUsage'))).toEqual({ percentOfJvmHeap: '40' })
  expect(values(inside(inside(usage, 'storeUsage'), 'storeUsage'))).toEqual({ limit: '1000 mb' })
  const shared = render(xml, { isStoreShared: true, storeDirectory: '../store' })
  expect(elementText(inside(shared, 'persistenceAdapter'))).toContain(
    '<shared-file-locker lockAcquireSleepInterval="1000"/>',
  )
  expect(values(shared)).toMatchObject({ schedulerDirectory: '../store/scheduler' })
})

test('listeners stay Amazon MQ’s, with what a configuration says about one of them', () => {
  const broker = render(
    '<broker><transportConnectors><transportConnector name="openwire" updateClusterClients="true"/><transportConnector name="other"/></transportConnectors></broker>',
  )
  const connectors = inside(broker, 'transportConnectors').children
  expect(connectors).toHaveLength(1)
  expect(connectors.map(values)).toMatchObject([{ name: 'openwire', updateClusterClients: 'true' }])
})

test('a network connector gets the password of its user from the environment, never from a file', () => {
  const xml =
    '<broker><networkConnectors><networkConnector name="a" userName="stranger" uri="static:(ssl://h:1)"/><networkConnector name="b" userName="common" uri="static:(ssl://h:2)"/></networkConnectors></broker>'
  const [stranger, common] = inside(render(xml), 'networkConnectors').children.map(values)
  expect(stranger).not.toHaveProperty('password')
  expect(common).toMatchObject({ password: { variable: 'SLUICE_NETWORK_PASSWORD_2' } })
  expect(elementText(render(xml))).toContain(
    `password="\${sluice.unset:#{systemEnvironment['SLUICE_NETWORK_PASSWORD_2']}}"`,
  )
  expect(elementText(render(xml))).not.toContain('the common password')
  expect(networkPasswords(input(xml).configuration, USERS)).toEqual({
    SLUICE_NETWORK_PASSWORD_2: 'the common password',
  })
})

test('a value that Spring would evaluate never reaches the file', () => {
  expect(() => elementText(render('<broker persistent="${java.home}"/>'))).toThrow('Spring would evaluate')
})

const PERMISSIONS =
  '<broker><plugins><authorizationPlugin><map><cachedLDAPAuthorizationMap queueSearchBase="ou=queue"/></map></authorizationPlugin></plugins></broker>'

test('permissions of a directory are asked for where Amazon MQ says, with a password that is in no file', () => {
  const ldap = {
    hosts: ['ldap.example.com'],
    serviceAccountUsername: 'cn=broker',
    serviceAccountPassword: 'the service password',
    userBase: 'ou=people',
    userSearchMatching: '(uid={0})',
    userSearchSubtree: false,
    roleBase: 'ou=groups',
    roleSearchMatching: '(member={0})',
    roleSearchSubtree: false,
  }
  const plugin = inside(inside(render(PERMISSIONS, { ldap }), 'plugins'), 'authorizationPlugin')
  expect(values(inside(inside(plugin, 'map'), 'cachedLDAPAuthorizationMap'))).toEqual({
    queueSearchBase: 'ou=queue',
    connectionURL: 'ldaps://ldap.example.com:636',
    connectionProtocol: 'ssl',
    authentication: 'simple',
    connectionUsername: 'cn=broker',
    connectionPassword: { variable: 'SLUICE_LDAP_PASSWORD' },
  })
  expect(elementText(render(PERMISSIONS, { ldap }))).not.toContain('the service password')
  expect(() => render(PERMISSIONS)).toThrow('the broker has none')
})
