import { createHash } from 'node:crypto'
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { installedRabbitmq, memoryMib, rabbitmqInstanceTypes } from '#engines/rabbitmq/installed.ts'
import { rabbitmqAddress } from '#engines/rabbitmq/ports.ts'
import { definitions, rabbitmqConf } from '#engines/rabbitmq/render/configuration.ts'

const home = mkdtempSync(join(tmpdir(), 'sluice-rabbitmq-home-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('the newest RabbitMQ of the machine is found, and none where there is none', () => {
  expect(installedRabbitmq(home)).toBeUndefined()
  for (const name of ['rabbitmq_server-3.9.27', 'rabbitmq_server-3.10.8', 'rabbitmq_server-3.10.10', 'other'])
    mkdirSync(join(home, 'lib', name), { recursive: true })
  expect(installedRabbitmq(home)).toEqual({ requested: '3.10', runs: '3.10.10' })
})

test('every instance type has its memory, and another one is an error that lists them', () => {
  for (const type of rabbitmqInstanceTypes) expect(memoryMib(type)).toBeGreaterThanOrEqual(256)
  expect(() => memoryMib('mq.m7g.large')).toThrow('the types are mq.t3.micro, mq.m5.large')
})

test.each([
  { host: '127.1.2.3', ports: [5671, 443], endpoint: 'amqps://127.1.2.3:5671', console: 'https://127.1.2.3' },
  { host: '127.1.2.3', ports: [5671, 15671], endpoint: 'amqps://127.1.2.3:5671', console: 'https://127.1.2.3:15671' },
  { host: '::1', ports: [20000, 20001], endpoint: 'amqps://[::1]:20000', console: 'https://[::1]:20001' },
])('what clients of $host $ports are told', ({ host, ports, endpoint, console }) => {
  const { endpoints, consoleUrl } = rabbitmqAddress({ host, advertised: host, ports })
  expect([endpoints, consoleUrl]).toEqual([[endpoint], console])
})

const conf = (isFirstStart: boolean, nodeNames = ['broker20001@localhost']): string =>
  rabbitmqConf({
    address: { host: '127.1.2.3', advertised: '127.1.2.3', ports: [5671, 443] },
    conf: '/data/conf',
    logFile: 'rabbit-7.log',
    memoryMib: 128,
    isFirstStart,
    nodeNames,
  })

test('nothing listens without TLS, and nothing older than 1.2 is spoken', () => {
  const lines = conf(true).split('\n')
  expect(lines).toContain('listeners.tcp = none')
  expect(lines.filter((line) => /\.versions\./.test(line)).map((line) => line.split(' = ')[1])).toEqual([
    'tlsv1.3',
    'tlsv1.2',
    'tlsv1.3',
    'tlsv1.2',
  ])
  expect(lines).toContain('log.file = rabbit-7.log')
})

test('users are loaded at the first start only: later they are RabbitMQ’s own', () => {
  expect(conf(true)).toContain('load_definitions = /data/conf/definitions.json')
  expect(conf(false)).not.toContain('load_definitions')
})

test('three nodes are told of each other, and one of nobody', () => {
  const three = conf(
    true,
    [1, 2, 3].map((n) => `broker2000${String(n)}@localhost`),
  ).split('\n')
  expect(three).toContain('cluster_partition_handling = pause_minority')
  expect(three.filter((line) => line.includes('classic_config.nodes')).map((line) => line.split(' = ')[1])).toEqual([
    'broker20001@localhost',
    'broker20002@localhost',
    'broker20003@localhost',
  ])
  expect(conf(true)).not.toContain('cluster')
  const policies = (nodes: number): number =>
    (JSON.parse(definitions({ username: 'operator', password: 'p' }, nodes)) as { policies: unknown[] }).policies.length
  expect([policies(1), policies(3)]).toEqual([0, 1])
})

test('a password stands in the definitions as a salted hash that RabbitMQ takes, and never itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 12 }), (password) => {
      const { users } = JSON.parse(definitions({ username: 'operator', password }, 1)) as {
        users: [{ name: string; password_hash: string }]
      }
      const bytes = Buffer.from(users[0].password_hash, 'base64')
      const salt = bytes.subarray(0, 4)
      const wanted = createHash('sha256').update(salt).update(password).digest()
      expect(bytes.subarray(4).equals(wanted)).toBe(true)
    }),
    { seed: 11, numRuns: 100 },
  )
})
