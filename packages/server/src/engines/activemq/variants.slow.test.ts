import { activemqConsole } from '@sluice/cli/activemq-console'
import { stompReceive, stompRoundTrip, stompSend } from '@sluice/testkit/broker-clients.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { logNumbers } from '#engines/activemq/log-files.ts'
import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { cacheFolders } from '#engines/install/cache-folder.ts'
import { packagedJava } from '#engines/java/packaged-java.ts'
import { loggedEvents } from '#engines/testing/log-events.ts'
import { TEST_CACHE, testBroker, testEngine } from '#engines/testing/test-broker.ts'

const [ONE, TWO] = ['b-0a1b2c3d-0000-4000-8000-000000000003', 'b-0a1b2c3d-0000-4000-8000-000000000004'] as const
const ALICE = { username: 'alice', password: 'alice-password-1' }
const never = new AbortController().signal

let data: string
let engine: BrokerEngine | undefined
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-variants-'))
})
afterEach(async () => {
  await Promise.all([engine?.remove(ONE), engine?.remove(TWO)])
  await rm(data, { recursive: true, force: true })
})

const roundTrip = (broker: RunningBroker, ca: string): Promise<string> =>
  stompRoundTrip(broker.address.endpoints[2] ?? '', ca, ALICE, 'q', 'through the broker')
const consoleOf = (broker: RunningBroker, caPem: string) =>
  activemqConsole({ consoleUrl: broker.address.consoleUrl, caPem, ...ALICE })

const javaOfOurs = (): Promise<string> =>
  packagedJava({ folders: cacheFolders(TEST_CACHE), cacheDirectory: TEST_CACHE, environment: process.env })(() => {})

test.each([
  { name: 'ActiveMQ 5.17.6', engineVersion: '5.17.6', java: async () => undefined },
  { name: 'ActiveMQ 5.18.3 on the packaged Java 21', engineVersion: '5.18.3', java: javaOfOurs },
  { name: 'ActiveMQ 5.16.7 on the packaged Java 21', engineVersion: '5.16.7', java: javaOfOurs },
])('$name passes messages and writes both logs', async ({ engineVersion, java }) => {
  const own = await java()
  const made = await testEngine(data, own === undefined ? {} : { java: own })
  engine = made.engine
  const broker = await engine.start(testBroker(ONE, { engineVersion }), never)
  expect(await roundTrip(broker, made.ca.certificatePem)).toBe('through the broker')
  await consoleOf(broker, made.ca.certificatePem).createQueue('AUDITED')
  const general = await loggedEvents(engine.logFiles(ONE, 1, 'general'))
  expect(general.some(({ text }) => text.includes(`Apache ActiveMQ ${engineVersion} (orders, `))).toBe(true)
  const [audited] = await loggedEvents(engine.logFiles(ONE, 1, 'audit'))
  expect(audited?.text).toMatch(/^INFO {2}\| alice requested \/admin\/createDestination\.action /)
})

test('two brokers run side by side on the same ports, and what is sent to one is not in the other', async () => {
  const made = await testEngine(data)
  engine = made.engine
  const [one, two] = await Promise.all([engine.start(testBroker(ONE), never), engine.start(testBroker(TWO), never)])
  expect(one.address.ipAddress).not.toBe(two.address.ipAddress)
  const ports = ({ address }: RunningBroker): string[] =>
    address.endpoints.map((url) => url.slice(url.lastIndexOf(':')))
  if (process.platform === 'linux') expect(ports(one)).toEqual(ports(two))
  await stompSend(one.address.endpoints[2] ?? '', made.ca.certificatePem, ALICE, 'only.one', 'x')
  expect(await consoleOf(one, made.ca.certificatePem).page('queues.jsp')).toContain('only.one')
  expect(await consoleOf(two, made.ca.certificatePem).page('queues.jsp')).not.toContain('only.one')
})

test('bound to every interface, a broker has ports of its own, and its endpoints work as returned', async () => {
  const made = await testEngine(data, { bindAddress: '0.0.0.0' })
  engine = made.engine
  const broker = await engine.start(testBroker(ONE), never)
  expect(broker.address.ipAddress).not.toBe('0.0.0.0')
  expect(new URL(broker.address.consoleUrl).port).toMatch(/^[23]\d{4}$/)
  expect(await roundTrip(broker, made.ca.certificatePem)).toBe('through the broker')
  await consoleOf(broker, made.ca.certificatePem).createQueue('Q')
})

test.each([
  { before: '5.18.3', after: '5.18.3' },
  // Whose own log4j would have renamed its files.
  { before: '5.16.7', after: '5.18.3' },
])(
  'a killed broker of $before loses no message that it confirmed to one of $after, and no event is cut where files change',
  async ({ before, after }) => {
    const made = await testEngine(data)
    engine = made.engine
    const ca = made.ca.certificatePem
    const broker = await engine.start(testBroker(ONE, { engineVersion: before }), never)
    const console = consoleOf(broker, ca)
    await console.createQueue('BIG')
    const [, , stomp = ''] = broker.address.endpoints
    await expect(stompSend(stomp, ca, { ...ALICE, password: 'wrong' }, 'q', 'x')).rejects.toThrow('password is invalid')
    // The console refuses a form that is not of its making with a stack trace.
    await expect(console.page('createDestination.action?JMSDestination=X&secret=wrong')).rejects.toThrow('500')
    // Each message is an audit event of 150 KB; together they are more than one file holds.
    const count = 30
    const body = `${'x'.repeat(74)}\n`.repeat(2_000)
    for (let sent = 0; sent < count; sent++) await console.sendMessage('BIG', `${String(sent)} ${body}`)
    await stompSend(stomp, ca, ALICE, 'kept', 'survives')
    process.kill(broker.pid, 'SIGKILL')
    expect((await broker.exited).signal).toBe('SIGKILL')

    const again = await engine.start(testBroker(ONE, { engineVersion: after }), never)
    expect(await stompReceive(again.address.endpoints[2] ?? '', ca, ALICE, 'kept')).toBe('survives')
    const files = engine.logFiles(ONE, 1, 'audit')
    const numbers = await logNumbers(files.directory, files.prefix)
    expect(numbers.length).toBeGreaterThan(1)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    const sends = (await loggedEvents(files)).filter(({ text }) => text.includes('/admin/sendMessage.action'))
    expect(sends.map(({ text }) => Number(/JMSText='\[(\d+) /.exec(text)?.[1]))).toEqual(
      Array.from({ length: count }, (_, index) => index),
    )
    for (const { text } of sends) expect(text.length).toBeGreaterThan(body.length)

    const general = await loggedEvents(engine.logFiles(ONE, 1, 'general'))
    for (const { millis, text } of general) {
      expect(text).toMatch(/^[\d-]{10} [\d:]{8},\d{3} \| (INFO |WARN |ERROR) \| .* \| [\w.$]+ \| .+/s)
      expect(new Date(millis).toISOString().replace('T', ' ').replace('.', ',')).toBe(`${text.slice(0, 23)}Z`)
    }
    const trace = general.find(({ text }) => text.includes('UnsupportedOperationException'))?.text ?? ''
    expect(trace.split('\n').filter((line) => line.startsWith('\tat ')).length).toBeGreaterThan(20)
    for (const version of [before, after])
      expect(general.some(({ text }) => text.includes(`Apache ActiveMQ ${version} (orders, `))).toBe(true)
    expect((await loggedEvents(engine.logFiles(ONE, 1, 'security'))).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('User name [alice] or password is invalid'),
    )
  },
)
