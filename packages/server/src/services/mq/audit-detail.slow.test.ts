import { activemqConsole } from '@sluice/cli/activemq-console'
import { amqpRoundTrip, mqttRoundTrip, stompRoundTrip, stompSend } from '@sluice/testkit/broker-clients.ts'
import { parseXml } from '@sluice/wire'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrokerEngine, BrokerLog, RunningBroker } from '#engines/broker-engine.ts'
import { loggedEvents } from '#engines/testing/log-events.ts'
import { testBroker, testEngine } from '#engines/testing/test-broker.ts'
import { flowEvents } from '#services/mq/metrics/flow-events.ts'
import { FLOW_LOG } from '#services/mq/metrics/flow-log.ts'
import { destinationKey } from '#services/mq/metrics/metric-points.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000021'
const ALICE = { username: 'alice', password: 'alice-password-1' }
const APP = { username: 'app', password: 'app-password-22' }
const BODY = 'the body of a message'
const OPEN = 'admin="admins,activemq-webconsole" read="admins,activemq-webconsole" write="admins,activemq-webconsole"'
const CONFIGURATION = `<broker><plugins><authorizationPlugin><map><authorizationMap><authorizationEntries>
  <authorizationEntry queue=">" ${OPEN}/><authorizationEntry topic=">" ${OPEN}/>
  <authorizationEntry topic="ActiveMQ.Advisory.>" admin="apps" read="apps" write="apps"/>
</authorizationEntries></authorizationMap></map></authorizationPlugin></plugins></broker>`

let data: string
let ca: string
let engine: BrokerEngine
let broker: RunningBroker
const endpoint = (index: number): string => broker.address.endpoints[index] ?? ''
const [AMQP, STOMP, MQTT, WSS] = [1, 2, 3, 4] as const

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-audit-detail-'))
  const made = await testEngine(data)
  engine = made.engine
  ca = made.ca.certificatePem
  const spec = testBroker(ID, {
    users: [
      { ...ALICE, groups: ['admins'], consoleAccess: true },
      { ...APP, groups: ['apps'], consoleAccess: false },
    ],
    configuration: parseXml(Buffer.from(CONFIGURATION)),
  })
  broker = await engine.start(spec, new AbortController().signal)
})
afterAll(async () => {
  await engine.remove(ID)
  await rm(data, { recursive: true, force: true })
})

const texts = async (log: BrokerLog): Promise<readonly string[]> =>
  (await loggedEvents(engine.logFiles(ID, 1, log))).map(({ text }) => text)
async function line(log: BrokerLog, pattern: RegExp): Promise<string> {
  const find = async (): Promise<string | undefined> => (await texts(log)).find((text) => pattern.test(text))
  await expect.poll(find, { timeout: 10_000 }).toBeDefined()
  return (await find()) ?? ''
}

describe('the five classes of events, by real lines of a real broker', () => {
  test('connections: address, protocol and user, when they come and when they go', async () => {
    await stompRoundTrip(endpoint(STOMP), ca, ALICE, 'Q', BODY)
    await amqpRoundTrip(endpoint(AMQP), ca, ALICE, 'Q', BODY)
    await mqttRoundTrip(endpoint(MQTT).replace('mqtt+ssl', 'mqtts'), ca, ALICE, 't', BODY)
    await mqttRoundTrip(endpoint(WSS), ca, ALICE, 't', BODY)
    for (const scheme of ['stomp\\+ssl', 'amqp\\+ssl', 'mqtt\\+ssl', 'wss']) {
      const listener = `${scheme}://${broker.address.ipAddress}:\\d+`
      const come = await line('security', new RegExp(`Adding Connection: .*\\| ${listener} \\|`))
      expect(come).toContain('userName = alice, password = *****,')
      // A STOMP client's address is in the name of the thread only.
      expect(come).toMatch(/(clientIp = \w+:\/\/|ssl:\/\/\/)127\.0\.0\.1:\d+/)
      expect(come).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| INFO {2}\| Adding Connection: ConnectionInfo \{/)
      const [, id] = /connectionId = ([^,]+),/.exec(come) ?? []
      const gone = await line('security', new RegExp(`Removing Connection: .*connectionId = ${id ?? 'none'},`))
      expect(gone).toContain('userName = alice')
    }
  })

  test('log-ins: one that is accepted, and one that is refused, with the user', async () => {
    expect(await line('security', /Adding Connection: .*userName = alice/)).not.toContain(ALICE.password)
    const mallory = { username: 'mallory', password: 'mallorys-own-password' }
    await expect(stompRoundTrip(endpoint(STOMP), ca, mallory, 'Q', BODY)).rejects.toThrow()
    const refused = await line('security', /Failed to add Connection .*User name \[mallory\] or password is invalid/)
    expect(refused).toMatch(/\| stomp\+ssl:\/\/.*\| ActiveMQ Transport: ssl:\/\/\/127\.0\.0\.1:\d+$/)
    expect((await texts('security')).filter((text) => /Adding Connection: .*mallory/.test(text))).toEqual([])
  })

  test('denials: who may log in, but not do this', async () => {
    await expect(stompSend(endpoint(STOMP), ca, APP, 'SECRET.Q', BODY)).rejects.toThrow('not authorized')
    const denied = await line('security', /User app is not authorized to/)
    expect(denied).toMatch(/WARN {2}\| Security Error occurred on connection to: tcp:\/\/127\.0\.0\.1:\d+, .*SECRET\.Q/)
  })

  test('management: what a person does at the console, in the stream of AWS', async () => {
    const console = activemqConsole({ consoleUrl: broker.address.consoleUrl, ...ALICE, caPem: ca })
    await console.createQueue('AUDITED')
    expect(await line('audit', /createDestination/)).toMatch(
      /^INFO {2}\| alice requested \/admin\/createDestination\.action/,
    )
  })

  test('flow: how many messages of what size went through a destination', async () => {
    const before = await engine.readMetrics(ID, 1)
    for (let sent = 0; sent < 3; sent++) await stompSend(endpoint(STOMP), ca, ALICE, 'FLOW', BODY)
    const after = await engine.readMetrics(ID, 1)
    if (before === undefined || after === undefined) throw new Error('the broker says nothing')
    const counted = new Map(before.destinations.map((each) => [destinationKey(each), each.counters]))
    const lines = flowEvents(after, counted, { from: 0, to: 60_000 })
    await FLOW_LOG.write(engine.logFiles(ID, 1, 'flow'), lines, 1_795_931_321_000)
    const flow = JSON.parse(await line('flow', /queue:\/\/FLOW/)) as Record<string, number>
    expect(flow).toMatchObject({ enqueued: 3, dequeued: 0, waiting: 3, enqueuedSinceStart: 3 })
    expect(flow['averageBytes']).toBeGreaterThan(BODY.length)
  })
})

test('none of it holds a message, a password, or the platform’s own user', async () => {
  const all = [...(await texts('security')), ...(await texts('flow'))]
  expect(all.length).toBeGreaterThan(8)
  for (const text of all) {
    for (const secret of [BODY, ALICE.password, APP.password, 'mallorys-own-password', 'sluice-platform-'])
      expect(text).not.toContain(secret)
  }
})

test('AWS’s two streams have nothing that they have not on AWS', async () => {
  for (const log of ['general', 'audit'] as const)
    expect((await texts(log)).filter((text) => text.includes('LoggingBrokerPlugin'))).toEqual([])
  expect((await texts('audit')).filter((text) => /Connection|Security/.test(text))).toEqual([])
})
