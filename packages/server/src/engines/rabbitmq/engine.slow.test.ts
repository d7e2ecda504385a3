import { tlsTo } from '@sluice/testkit/broker-clients.ts'
import { NO_RABBITMQ, type RabbitmqConsole, rabbitmqConsole } from '@sluice/testkit/rabbitmq-console.ts'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrokerEngine, BrokerSpec, RunningBroker } from '#engines/broker-engine.ts'
import { installedRabbitmq, rabbitmqEngine } from '#engines/rabbitmq/index.ts'
import { type CertificateAuthority, openCertificateAuthority } from '#kernel/ca.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000031'
const PASSWORD = 'p ä"$1\\ <&> 12'
const installed = installedRabbitmq()
const SPEC: BrokerSpec = {
  brokerId: ID,
  instance: 1,
  instances: [1],
  brokerName: 'rabbit',
  engineVersion: installed?.runs ?? '',
  hostInstanceType: 'mq.t3.micro',
  users: [{ username: 'operator', password: PASSWORD, groups: [], consoleAccess: true }],
  configuration: { name: 'broker', attributes: [], children: [] },
  logs: { general: true, audit: false, security: false },
}
const never = new AbortController().signal

let data: string
let ca: CertificateAuthority
let engine: BrokerEngine
let broker: RunningBroker

describe.skipIf(NO_RABBITMQ !== undefined)(NO_RABBITMQ ?? 'a real RabbitMQ', () => {
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'sluice-rabbitmq-'))
    ca = await openCertificateAuthority(join(data, 'ca'))
    engine = rabbitmqEngine({ dataDirectory: data, ca })
    broker = await engine.start(SPEC, never)
  })
  afterAll(async () => {
    await engine.remove(ID)
    await rm(data, { recursive: true, force: true })
  })

  const log = async (): Promise<string> => {
    const { directory, prefix } = engine.logFiles(ID, 1, 'general')
    const names = (await readdir(directory)).filter((name) => name.startsWith(`${prefix}-`))
    return (await Promise.all(names.toSorted().map((name) => readFile(join(directory, name), 'utf8')))).join('')
  }
  const as = (password: string): RabbitmqConsole =>
    rabbitmqConsole({ consoleUrl: broker.address.consoleUrl, ca: ca.certificatePem, username: 'operator', password })

  test('answers where it says, by TLS 1.2 and later under the platform’s authority', async () => {
    expect(broker.address).toEqual(await engine.reserveAddress(ID, 1))
    const [amqps = ''] = broker.address.endpoints
    for (const url of [amqps, broker.address.consoleUrl]) {
      const [newest, older] = [
        await tlsTo(url, ca.certificatePem),
        await tlsTo(url, ca.certificatePem, { maxVersion: 'TLSv1.2' }),
      ]
      expect([newest.getProtocol(), older.getProtocol()]).toEqual(['TLSv1.3', 'TLSv1.2'])
      newest.destroy()
      older.destroy()
      await expect(tlsTo(url, ca.certificatePem, { maxVersion: 'TLSv1.1' })).rejects.toThrow()
    }
  })

  test('lets its first user in, and nobody with another password', async () => {
    expect((await as(PASSWORD).ask('GET', '/api/overview')).status).toBe(200)
    expect((await as('wrong').ask('GET', '/api/overview')).status).toBe(401)
    const refused = /\[(warning|error)\] <[\d.]+> HTTP access denied: user 'operator' - invalid credentials/
    await expect.poll(log, { timeout: 10_000 }).toMatch(refused)
  })

  test('every line of its log begins with its time', async () => {
    const text = await log()
    expect(text).toContain('Server startup complete')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00 \[\w+\] <[\d.]+> /)
  })

  test('keeps messages and users over a stop and a start, and no password is in its files', async () => {
    expect((await as(PASSWORD).ask('PUT', '/api/queues/%2F/q', { durable: true })).status).toBe(201)
    await as(PASSWORD).publish('q', 'kept')
    await engine.stop(ID, 1)
    expect((await broker.exited).signal).toBeNull()
    expect(await engine.readMetrics(ID, 1)).toBeUndefined()
    // Statistics that are still there when the node ends hold it up.
    expect(await log()).toMatch(/to stop collect_statistics[^]*SIGTERM received/)
    const adopted = await engine.adopt(ID, 1)
    expect(adopted).toBeUndefined()
    broker = await engine.start(
      { ...SPEC, users: [{ ...SPEC.users[0], password: 'another-password-1' } as never] },
      never,
    )
    expect(await as(PASSWORD).peek('q')).toBe('kept')
    const entries = await readdir(join(data, 'brokers', ID), { recursive: true, withFileTypes: true })
    for (const entry of entries.filter((each) => each.isFile()))
      expect((await readFile(join(entry.parentPath, entry.name))).includes(PASSWORD)).toBe(false)
  })

  test('its metrics are what its console shows, and reading them leaves no line in its log', async () => {
    const before = await log()
    const reading = await expect
      .poll(() => engine.readMetrics(ID, 1), { timeout: 20_000, interval: 500 })
      .toMatchObject({
        node: expect.stringMatching(/^broker\d+@localhost$/) as string,
        whole: { QueueCount: 1, MessageCount: 1, MessageReadyCount: 1, ConnectionCount: 0, PublishRate: 0 },
        destinations: [
          { kind: 'Queue', virtualHost: '/', name: 'q', gauges: { MessageCount: 1, MessageReadyCount: 1 } },
        ],
      })
      .then(() => engine.readMetrics(ID, 1))
    expect(Object.keys(reading?.whole ?? {})).toHaveLength(11)
    expect(reading?.gauges['RabbitMQMemLimit']).toBe(256_000_000)
    for (const value of Object.values(reading?.gauges ?? {})) expect(value).toBeGreaterThan(0)
    expect(Object.keys(reading?.gauges ?? {})).toHaveLength(5)
    // The console's own client, by which the message came, tells of its time-out whenever it gets to it.
    const lines = (await log()).slice(before.length).split('\n')
    expect(lines.filter((line) => line !== '' && !line.includes('client call timeout'))).toEqual([])
    expect(await engine.readMetrics('b-0a1b2c3d-0000-4000-8000-000000000039', 1)).toBeUndefined()
  })

  test('a platform that comes back finds it running', async () => {
    const again = await rabbitmqEngine({ dataDirectory: data, ca }).adopt(ID, 1)
    expect([again?.pid, again?.address]).toEqual([broker.pid, broker.address])
  })
})
