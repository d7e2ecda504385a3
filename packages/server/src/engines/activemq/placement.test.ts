import { delimiter } from 'node:path'
import { expect, test } from 'vitest'
import { javaArguments } from '#engines/activemq/command.ts'
import { brokerDirectory } from '#engines/broker-directories.ts'
import { instanceLayout } from '#engines/activemq/layout.ts'
import { BROKER_PORTS, brokerAddress, connectorsAt, consolePortAt } from '#engines/activemq/ports.ts'

test('endpoints are AWS’s, in AWS’s order, at the instance’s address', () => {
  expect(brokerAddress({ host: '127.1.2.3', advertised: '127.1.2.3', ports: BROKER_PORTS })).toEqual({
    ipAddress: '127.1.2.3',
    endpoints: [
      'ssl://127.1.2.3:61617',
      'amqp+ssl://127.1.2.3:5671',
      'stomp+ssl://127.1.2.3:61614',
      'mqtt+ssl://127.1.2.3:8883',
      'wss://127.1.2.3:61619',
    ],
    consoleUrl: 'https://127.1.2.3:8162',
  })
})

test('clients are told what is advertised, the broker binds what it was given', () => {
  const address = {
    host: '0.0.0.0',
    advertised: '2001:db8::1',
    ports: [20_000, 20_001, 20_002, 20_003, 20_004, 20_005],
  }
  expect(brokerAddress(address).endpoints[0]).toBe('ssl://[2001:db8::1]:20000')
  expect(brokerAddress(address).consoleUrl).toBe('https://[2001:db8::1]:20005')
  expect(connectorsAt(address)[4]).toEqual({ name: 'wss', scheme: 'wss', host: '0.0.0.0', port: 20_004 })
  expect(consolePortAt(address)).toBe(20_005)
})

test('an address with too few ports is an error', () => {
  expect(() => brokerAddress({ host: 'h', advertised: 'h', ports: [1, 2, 3] })).toThrow(
    'a broker needs 6 ports, but its address has 3',
  )
})

test.each(['', '.', '..', '../x', 'a/b', 'b-1\0', '-rf', 'x'.repeat(101)])('%j is no broker id', (id) => {
  expect(() => brokerDirectory('/data', id)).toThrow('is no broker id')
})

test.each([0, -1, 1.5, Number.NaN])('%d is no instance', (instance) => {
  expect(() => instanceLayout('/data', 'b-1', instance)).toThrow('is no number of a broker instance')
})

test('each instance has a folder of its own in its broker’s', () => {
  expect(instanceLayout('/data', 'b-1', 2).base).toBe('/data/brokers/b-1/2')
})

const command = {
  title: 'b-1-1',
  home: '/opt/activemq',
  host: '127.1.2.3',
  heapMib: 256,
  audit: false,
  libraries: [],
  hasLdapTrustStore: false,
}

test('the arguments name the broker, its heap and its home, and no secret', () => {
  const args = javaArguments(command)
  expect(args).toEqual(
    expect.arrayContaining([
      '-Dsluice.broker=b-1-1',
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Duser.timezone=UTC',
      '-Dactivemq.home=/opt/activemq',
    ]),
  )
  expect(args.join(' ')).not.toMatch(/passw|secret/i)
  expect(args.slice(-4)).toEqual(['-jar', '/opt/activemq/bin/activemq.jar', 'start', 'xbean:file:conf/activemq.xml'])
})

test('the audit log is written only when it is wanted', () => {
  expect(javaArguments(command)).not.toContain('-Dorg.apache.activemq.audit=true')
  expect(javaArguments({ ...command, audit: true })).toContain('-Dorg.apache.activemq.audit=true')
})

test('libraries of other releases are beside those of the distribution', () => {
  expect(javaArguments(command).join(' ')).not.toContain('classpath')
  const libraries = ['/opt/other/a.jar', '/opt/other/b.jar']
  expect(javaArguments({ ...command, libraries })).toContain(`-Dactivemq.classpath=${libraries.join(delimiter)}`)
})

test('IPv6 is left on for an IPv6 address', () => {
  expect(javaArguments(command)).toContain('-Djava.net.preferIPv4Stack=true')
  expect(javaArguments({ ...command, host: '::1' })).not.toContain('-Djava.net.preferIPv4Stack=true')
})

test('whom to trust about directories is told where that was said', () => {
  expect(javaArguments(command).filter((each) => each.includes('trustStore'))).toEqual([])
  expect(javaArguments({ ...command, hasLdapTrustStore: true })).toContain(
    '-Djavax.net.ssl.trustStore=conf/ldap-trust.jks',
  )
})
