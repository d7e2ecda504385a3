import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instanceLayout } from '#engines/activemq/layout.ts'
import { LDAP_METADATA } from '#engines/testing/ldap-metadata.ts'
import { configurationFiles, prepareDirectories, writeConfiguration } from '#engines/activemq/render/base-directory.ts'
import type { RenderInput } from '#engines/activemq/render/base-directory.ts'
import { newRunSecrets } from '#engines/activemq/run-secrets.ts'
import type { BrokerSpec } from '#engines/broker-engine.ts'

const spec: BrokerSpec = {
  brokerId: 'b-1',
  instance: 1,
  instances: [1],
  brokerName: 'orders',
  engineVersion: '5.18.3',
  hostInstanceType: 'mq.m5.large',
  users: [{ username: 'alice', password: 'alice-password-1', groups: ['devs'], consoleAccess: true }],
  configuration: { name: 'broker', attributes: [], children: [] },
  logs: { general: true, audit: true, security: false },
}

const input = (change: Partial<BrokerSpec> = {}, directory = '/data'): RenderInput => ({
  spec: { ...spec, ...change },
  layout: instanceLayout(directory, 'b-1', 1),
  home: '/opt/active & mq',
  address: { host: '127.1.2.3', advertised: '127.1.2.3', ports: [61617, 5671, 61614, 8883, 61619, 8162] },
  maximumConnections: 2_000,
  storage: { storeMib: 1_000, temporaryMib: 100 },
  secrets: newRunSecrets(),
})

type Element = { readonly [name: string]: Element }
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' })
const elements = (text: string): Element => parser.parse(text) as Element
const files = (change?: Partial<BrokerSpec>) => configurationFiles(input(change))

test('all XML is well-formed', async () => {
  const rendered = await files()
  for (const name of ['activemq.xml', 'jetty.xml', 'jolokia-access.xml'])
    expect(XMLValidator.validate(rendered[name] ?? '')).toBe(true)
})

test('the five connectors listen at the instance’s own address with TLS 1.2 or later', async () => {
  const broker = elements((await files())['activemq.xml'] ?? '')['beans']?.['broker']
  const connectors = broker?.['transportConnectors']?.['transportConnector'] as unknown as readonly { '@uri': string }[]
  expect(connectors.map((connector) => connector['@uri'].replace(/\?.*/, ''))).toEqual([
    'ssl://127.1.2.3:61617',
    'amqp+ssl://127.1.2.3:5671',
    'stomp+ssl://127.1.2.3:61614',
    'mqtt+ssl://127.1.2.3:8883',
    'wss://127.1.2.3:61619',
  ])
  for (const connector of connectors) {
    expect(connector['@uri']).toContain('transport.enabledProtocols=TLSv1.2,TLSv1.3')
    expect(connector['@uri']).toContain('maximumConnections=2000')
  }
})

test('clients must log in, nothing else restricts them, and no port is opened for JMX', async () => {
  const broker = elements((await files())['activemq.xml'] ?? '')['beans']?.['broker']
  expect(Object.keys(broker?.['plugins'] ?? {})).toEqual(['jaasAuthenticationPlugin'])
  expect(broker?.['managementContext']?.['managementContext']?.['@createConnector']).toBe('false')
  expect(broker?.['@brokerName']).toBe('orders')
})

test('a broker name cannot change the configuration', async () => {
  const brokerName = '"/><evil name="'
  const broker = elements((await files({ brokerName }))['activemq.xml'] ?? '')['beans']?.['broker']
  expect(broker?.['@brokerName']).toBe(brokerName)
  await expect(files({ brokerName: '${java.home}' })).rejects.toThrow('Spring would evaluate')
})

test('the console is for console users, and /api for the platform', async () => {
  const beans = elements((await files())['jetty.xml'] ?? '')['beans']?.['bean'] as unknown as readonly Element[]
  const rules = beans
    .filter((bean) => JSON.stringify(bean['@class']).endsWith('ConstraintMapping"'))
    .map((bean) => bean['property'] as unknown as readonly Element[])
    .map(([path, constraint]) => {
      const properties = constraint?.['bean']?.['property'] as unknown as readonly Element[]
      return [path?.['@value'], ...properties.slice(1).map((property) => property['@value'])]
    })
  expect(rules).toEqual([
    ['/api/*', 'platform', 'true'],
    ['/', 'admin', 'true'],
  ])
})

test('without audit no audit file is configured; with it, each log has its own', async () => {
  const [without, withAudit] = [await files({ logs: { general: true, audit: false, security: false } }), await files()]
  expect(without['log4j2.properties']).not.toContain('audit-%i')
  expect(without['log4j2.properties']).toContain('logger.audit.level=OFF')
  expect(withAudit['log4j2.properties']).toContain('appender.audit.filePattern=log/audit-%i.log')
  expect(withAudit['log4j2.properties']).toContain('appender.general.filePattern=log/activemq-%i.log')
})

test('who connects is logged only where the security log is on, behind authentication and without messages', async () => {
  const logs = { general: true, audit: true, security: true }
  const [without, withSecurity] = [await files(), await files({ logs })]
  expect(without['activemq.xml']).not.toContain('loggingBrokerPlugin')
  expect(without['log4j2.properties']).not.toContain('security')
  const plugins = elements(withSecurity['activemq.xml'] ?? '')['beans']?.['broker']?.['plugins']
  expect(Object.keys(plugins ?? {})).toEqual(['loggingBrokerPlugin', 'jaasAuthenticationPlugin'])
  const { '@logConnectionEvents': connections, ...others } = plugins?.['loggingBrokerPlugin'] ?? {}
  expect(connections).toBe('true')
  expect(new Set(Object.values(others))).toEqual(new Set(['false']))
  expect(withSecurity['log4j2.properties']).toContain('appender.security.filePattern=log/security-%i.log')
  expect(withSecurity['log4j2.properties']).toContain('logger.connections.additivity=false')
})

test('log files are numbered and never renamed, and an event ends with U+001E', async () => {
  const text = (await files())['log4j2.properties'] ?? ''
  expect(text.match(/strategy\.type=DirectWriteRolloverStrategy/g)).toHaveLength(2)
  expect(text.match(/layout\.pattern=%d\{UNIX_MILLIS\} .*\\u001e\\n$/gm)).toHaveLength(2)
})

test('no file holds a password or a secret of the run', async () => {
  const secrets = newRunSecrets()
  const all = Object.values(await configurationFiles({ ...input(), secrets })).join('\n')
  for (const secret of [
    'alice-password-1',
    secrets.keyStorePassword,
    secrets.encryptionPassword,
    secrets.platformUser.password,
  ]) {
    expect(all).not.toContain(secret)
  }
})

test('user changes wait for a restart, as on AWS', async () => {
  expect((await files())['login.config']).not.toContain('reload')
})

const LDAP = { ...LDAP_METADATA, roleName: 'cn' }

test('with a directory, the broker itself knows the platform alone, and no file holds the service account’s password', async () => {
  const secrets = newRunSecrets()
  const { username } = secrets.platformUser
  const rendered = await configurationFiles({ ...input({ ldap: LDAP }), secrets })
  expect(rendered['users.properties']?.split('\n')).toEqual([expect.stringMatching(`^${username}=ENC`), ''])
  expect(rendered['groups.properties']).toBe(`amazonmq-console-admins=${username}\n${username}=${username}\n`)
  expect(rendered).not.toHaveProperty('jetty-realm.properties')
  expect(Object.values(rendered).join('\n')).not.toMatch(/service-secret|alice/)
})

test('with a directory, the console is for its administrators, and /api for a role that is no group of a directory', async () => {
  const secrets = newRunSecrets()
  const { 'jetty.xml': jetty = '' } = await configurationFiles({ ...input({ ldap: LDAP }), secrets })
  expect([...jetty.matchAll(/name="roles" value="([^"]+)"/g)].map(([, role]) => role)).toEqual([
    secrets.platformUser.username,
    'amazonmq-console-admins',
  ])
  expect(jetty).toContain('class="org.eclipse.jetty.jaas.JAASLoginService"')
  expect(jetty).toContain('<property name="loginModuleName" value="activemq"/>')
  expect(XMLValidator.validate(jetty)).toBe(true)
})

test('a log-in does not wait for ever for a server that says nothing', async () => {
  expect((await files({ ldap: LDAP }))['jndi.properties']).toMatch(/connect\.timeout=\d+\n.*read\.timeout=\d+\n/)
  expect(await files()).not.toHaveProperty('jndi.properties')
})

const STORES = { own: Buffer.from('store'), trusted: Buffer.from('trust') }

test('files are the owner’s alone, and nothing of an earlier configuration stays', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-render-'))
  const wanted = input({}, directory)
  await mkdir(wanted.layout.conf, { recursive: true })
  await writeFile(join(wanted.layout.conf, 'old.xml'), 'old')
  await prepareDirectories(wanted.layout)
  await writeFile(join(wanted.layout.log, 'activemq-1.log'), 'kept')
  await writeConfiguration(wanted, STORES)
  await prepareDirectories(wanted.layout)
  await writeConfiguration(wanted, STORES)
  const names = await readdir(wanted.layout.conf)
  expect(names.toSorted()).toEqual(['broker.p12', 'trust.jks', ...Object.keys(await files())].toSorted())
  for (const name of names) expect((await stat(join(wanted.layout.conf, name))).mode & 0o777).toBe(0o600)
  for (const name of ['data', 'log', 'tmp', 'conf'])
    expect((await stat(join(wanted.layout.base, name))).mode & 0o777).toBe(0o700)
  expect(await readdir(wanted.layout.log)).toEqual(['activemq-1.log'])
  await rm(directory, { recursive: true })
})
