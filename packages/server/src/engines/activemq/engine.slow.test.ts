import {
  amqpRoundTrip,
  mqttRoundTrip,
  openWireGreeting,
  stompReceive,
  stompRoundTrip,
  stompSend,
  tlsTo,
} from '@sluice/testkit/broker-clients.ts'
import type { Login } from '@sluice/testkit/broker-clients.ts'
import { ConsoleError, activemqConsole } from '@sluice/cli/activemq-console'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrokerEngine, BrokerLog, RunningBroker } from '#engines/broker-engine.ts'
import { loggedEvents } from '#engines/testing/log-events.ts'
import type { LoggedEvent } from '#engines/testing/log-events.ts'
import { testBroker, testEngine } from '#engines/testing/test-broker.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000001'
const HOSTILE: Login = { username: 'x <&> "\'=:#!\\ ünï', password: ' p ä<&>"\'=:,#\\!€😀 ENC(x) ${user.home} ' }
const ALICE: Login = { username: 'alice', password: 'alice-password-1' }
const SPEC = testBroker(ID)
const USERS = [
  ...SPEC.users,
  { ...HOSTILE, groups: ['admins', 'ops = <&>'], consoleAccess: false } as (typeof SPEC.users)[number],
]
const never = new AbortController().signal

let data: string
let ca: string
let engine: BrokerEngine
let broker: RunningBroker
const base = (): string => join(data, 'brokers', ID, '1')
const endpoint = (index: number): string => broker.address.endpoints[index] ?? ''
const [OPENWIRE, AMQP, STOMP, MQTT, WSS] = [0, 1, 2, 3, 4] as const

beforeAll(async () => {
  // A blank, an umlaut and a percent sign, which Java, Spring and Jetty each read in their own way.
  data = await mkdtemp(join(tmpdir(), 'sluice engine ü 100% '))
  const made = await testEngine(data)
  engine = made.engine
  ca = made.ca.certificatePem
  broker = await engine.start({ ...SPEC, users: USERS }, never)
})
afterAll(async () => {
  await engine.remove(ID)
  await rm(data, { recursive: true, force: true })
})

const events = (log: BrokerLog): Promise<readonly LoggedEvent[]> => loggedEvents(engine.logFiles(ID, 1, log))
const eventWith = async (log: BrokerLog, words: string | RegExp): Promise<string> => {
  const matches = (text: string): boolean => (typeof words === 'string' ? text.includes(words) : words.test(text))
  await expect.poll(async () => (await events(log)).some(({ text }) => matches(text)), { timeout: 10_000 }).toBe(true)
  return (await events(log)).find(({ text }) => matches(text))?.text ?? ''
}

/** The console's answer to a bare request, with the path exactly as given. */
function ask(
  path: string,
  login?: Login,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(broker.address.consoleUrl)
  const auth = login === undefined ? {} : { auth: `${login.username ?? ''}:${login.password ?? ''}` }
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, ca, headers, agent: false, ...auth }, (response) => {
      let body = ''
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asked.on('error', reject).end()
  })
}

describe('clients', () => {
  test('all five listeners answer under the platform’s authority, in AWS’s order', async () => {
    expect(broker.address).toEqual(await engine.reserveAddress(ID, 1))
    expect(await openWireGreeting(endpoint(OPENWIRE), ca)).toBe('ActiveMQ')
    expect(await amqpRoundTrip(endpoint(AMQP), ca, ALICE, 'q.amqp', 'über AMQP')).toBe('über AMQP')
    expect(await stompRoundTrip(endpoint(STOMP), ca, ALICE, 'q.stomp', 'über STOMP')).toBe('über STOMP')
    expect(await mqttRoundTrip(endpoint(MQTT).replace('mqtt+ssl', 'mqtts'), ca, ALICE, 't/mqtt', 'über MQTT')).toBe(
      'über MQTT',
    )
    expect(await mqttRoundTrip(endpoint(WSS), ca, ALICE, 't/wss', 'über WSS')).toBe('über WSS')
  })

  test('the listeners speak TLS 1.2 and 1.3, and nothing older', async () => {
    for (const url of [...broker.address.endpoints, broker.address.consoleUrl]) {
      const [newest, older] = [await tlsTo(url, ca), await tlsTo(url, ca, { maxVersion: 'TLSv1.2' })]
      expect([newest.getProtocol(), older.getProtocol()]).toEqual(['TLSv1.3', 'TLSv1.2'])
      newest.destroy()
      older.destroy()
      await expect(tlsTo(url, ca, { maxVersion: 'TLSv1.1' })).rejects.toThrow()
    }
  })

  test('a user whose name and password hold every special character can log in', async () => {
    // MQTT alone carries them all: STOMP trims, and the AMQP client knows ASCII only.
    expect(await mqttRoundTrip(endpoint(WSS), ca, HOSTILE, 't/hostile', 'in')).toBe('in')
    expect(await mqttRoundTrip(endpoint(MQTT).replace('mqtt+ssl', 'mqtts'), ca, HOSTILE, 't/hostile', 'in')).toBe('in')
  })

  test.each([
    { name: 'a wrong password', login: { username: 'alice', password: 'alice-password-2' } },
    { name: 'an unknown user', login: { username: 'mallory', password: 'alice-password-1' } },
    { name: 'nobody', login: {} },
  ])('$name is refused by every protocol', async ({ login }) => {
    await expect(stompRoundTrip(endpoint(STOMP), ca, login, 'q', 'x')).rejects.toThrow()
    await expect(amqpRoundTrip(endpoint(AMQP), ca, login, 'q', 'x')).rejects.toThrow()
    await expect(mqttRoundTrip(endpoint(MQTT).replace('mqtt+ssl', 'mqtts'), ca, login, 't', 'x')).rejects.toThrow(
      /Not authorized|Bad username or password|Connection refused/i,
    )
    await expect(mqttRoundTrip(endpoint(WSS), ca, login, 't', 'x')).rejects.toThrow()
  })
})

test('what users.properties holds is no password', async () => {
  const encrypted = /^alice=(ENC\(.+\))$/m.exec(await readFile(join(base(), 'conf', 'users.properties'), 'utf8'))?.[1]
  expect(encrypted).toBeDefined()
  await expect(
    stompRoundTrip(endpoint(STOMP), ca, { username: 'alice', password: encrypted ?? '' }, 'q', 'x'),
  ).rejects.toThrow('invalid')
})

describe('web console', () => {
  const as = (login: Login) =>
    activemqConsole({
      consoleUrl: broker.address.consoleUrl,
      username: login.username ?? '',
      password: login.password ?? '',
      caPem: ca,
    })

  test('a user with console access creates a queue, sends to it and purges it', async () => {
    const console = as(ALICE)
    const pending = async (): Promise<string | undefined> =>
      /<td>(\d+)<\/td>/.exec(
        (await console.page('queues.jsp?QueueFilter=CONSOLE.Q')).split('id="queues"')[1] ?? '',
      )?.[1]
    await console.createQueue('CONSOLE.Q')
    await console.sendMessage('CONSOLE.Q', 'from the console')
    expect(await pending()).toBe('1')
    await console.purgeQueue('CONSOLE.Q')
    expect(await pending()).toBe('0')
    await console.deleteQueue('CONSOLE.Q')
    expect(await pending()).toBeUndefined()
  })

  test.each([
    { name: 'a user without console access', login: { username: 'app', password: 'app-password-22' } },
    { name: 'a wrong password', login: { username: 'alice', password: 'wrong' } },
  ])('$name is refused', async ({ login }) => {
    await expect(as(login).page('queues.jsp')).rejects.toThrow(new ConsoleError(401, 'queues.jsp').message)
    await expect(as(login).createQueue('NO')).rejects.toThrow(ConsoleError)
  })

  test.each([
    '/',
    '/admin/',
    '/admin/queues.jsp',
    '/admin/styles/site.css',
    '/index.html',
    '/images/x.png',
    '/anything',
  ])('nobody sees %s without a password', async (path) => {
    expect((await ask(path)).status).toBe(401)
  })

  const JOLOKIA = '/api/jolokia/version'
  const BYPASSES = [
    JOLOKIA,
    '//api/jolokia/version',
    '/api;x=1/jolokia/version',
    '/%61pi/jolokia/version',
    '/admin/../api/jolokia/version',
    '/admin/..;/api/jolokia/version',
    '/api/jolokia/x.css',
    '/api/message/q?type=queue',
    '/api/',
    '/api',
  ]
  test.each(BYPASSES)('Jolokia and its neighbours at %s answer neither nobody nor a console user', async (path) => {
    expect((await ask(path, undefined, { origin: broker.address.consoleUrl })).status).toBeGreaterThanOrEqual(400)
    const { status, body } = await ask(path, ALICE, { origin: broker.address.consoleUrl })
    expect(body).not.toContain('"agent"')
    // A context without its final slash only says where it is.
    expect([302, 400, 403, 404]).toContain(status)
  })

  test.runIf(process.platform === 'linux')(
    'Jolokia answers the platform, whose password is in the process alone',
    async () => {
      const environment = new Map(
        (await readFile(`/proc/${String(broker.pid)}/environ`, 'utf8'))
          .split('\0')
          .map((entry) => entry.split(/=(.*)/s, 2) as [string, string]),
      )
      const platform = {
        username: environment.get('SLUICE_PLATFORM_USERNAME') ?? '',
        password: environment.get('SLUICE_PLATFORM_PASSWORD') ?? '',
      }
      const { status, body } = await ask(JOLOKIA, platform, { origin: broker.address.consoleUrl })
      expect(status).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ status: 200 })
    },
  )
})

describe('logs', () => {
  test('an action at the console is one audit event with the person’s name, in AWS’s form', async () => {
    const console = activemqConsole({
      consoleUrl: broker.address.consoleUrl,
      username: 'alice',
      password: 'alice-password-1',
      caPem: ca,
    })
    await console.createQueue('AUDITED')
    const text = await eventWith('audit', "JMSDestination='[AUDITED]'")
    expect(text).toMatch(
      /^INFO {2}\| alice requested \/admin\/createDestination\.action \[.*\] from {2}127\.0\.0\.1 at \d\d-\d\d-\d{4} \d\d:\d\d:\d\d,\d{3} \| qtp\d+-\d+$/,
    )
  })

  test('a message with line breaks and U+001E stays one event and cannot pass itself off as another', async () => {
    const console = activemqConsole({
      consoleUrl: broker.address.consoleUrl,
      username: 'alice',
      password: 'alice-password-1',
      caPem: ca,
    })
    await console.createQueue('FORGED')
    await console.sendMessage(
      'FORGED',
      'one\u001E\n1700000000000 INFO  | root requested /admin/deleteDestination.action [] \u001E\ntwo',
    )
    const text = await eventWith('audit', /sendMessage.*\[FORGED\]/)
    expect(text).toMatch(/JMSText='\[one\?\r?\n1700000000000 INFO {2}\| root requested .*\?\r?\ntwo\]'/s)
    expect(text).toMatch(/^INFO {2}\| alice requested \/admin\/sendMessage\.action /)
    expect(
      (await events('audit')).filter(
        (event) => event.millis < 1_750_000_000_000 || event.text.startsWith('INFO  | root'),
      ),
    ).toEqual([])
  })

  test('general events have their own time first and AWS’s pattern after it, without a line break at the end', async () => {
    await eventWith('general', 'Apache ActiveMQ 5.18.3 (orders, ')
    for (const { millis, text } of await events('general')) {
      expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| (INFO |WARN |ERROR) \| .* \| [\w.$]+ \| .+/s)
      expect(new Date(millis).toISOString().replace('T', ' ').replace('.', ',')).toBe(`${text.slice(0, 23)}Z`)
      expect(['\n', '\u001E'].some((end) => text.endsWith(end))).toBe(false)
    }
  })

  test('a broker starts without a warning about its disk or its configuration', async () => {
    const starting = (await events('general')).filter(({ text }) => /\| main$/m.test(text))
    expect(starting.length).toBeGreaterThan(10)
    // ActiveMQ's own, about its WebSocket connector; it is in the log of every broker on AWS, too.
    const usual = 'has uncovered http methods for path: /'
    const warnings = starting.filter(({ text }) => !text.includes(' | INFO  | ') && !text.includes(usual))
    expect(warnings).toEqual([])
  })

  test('a stack trace is one event', async () => {
    expect((await ask('/admin/createDestination.action?JMSDestination=X&secret=wrong', ALICE)).status).toBe(500)
    const text = await eventWith('general', /UnsupportedOperationException/)
    expect(text.split('\n').filter((line) => line.startsWith('\tat ')).length).toBeGreaterThan(20)
  })

  test('a user name cannot break out of its event, and a wrong password is not in it', async () => {
    const login = { username: 'eve\u001E\n1700000000000 2023-11-14', password: 'eves-wrong-password' }
    await expect(mqttRoundTrip(endpoint(MQTT).replace('mqtt+ssl', 'mqtts'), ca, login, 't', 'x')).rejects.toThrow()
    const text = await eventWith('general', /User name \[eve/)
    expect(text).toMatch(/User name \[eve\?\s*1700000000000 2023-11-14\]/)
    expect((await events('general')).filter((event) => event.text.includes('eves-wrong-password'))).toEqual([])
  })

  test('no password is in any file of the broker or in its arguments', async () => {
    const secrets = [...USERS.map(({ password }) => password), 'alice-password-1']
    const names = (await readdir(base(), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    for (const name of names) {
      const { mode } = await stat(name)
      expect([name, mode & 0o077]).toEqual([name, 0])
      if (name.includes('/kahadb/')) continue
      const text = await readFile(name, 'utf8')
      for (const secret of secrets) expect([name, text.includes(secret)]).toEqual([name, false])
    }
    expect(names.length).toBeGreaterThan(12)
    if (process.platform !== 'linux') return
    const args = await readFile(`/proc/${String(broker.pid)}/cmdline`, 'utf8')
    expect(args).toContain(`-Dsluice.broker=${ID}-1`)
    expect(args).not.toMatch(/passw|secret/i)
  })
})

test('metrics are what the broker counts, and reading them leaves no line in its logs', async () => {
  // Connections that were refused in earlier tests are ended by the broker seconds later.
  const counts = async (): Promise<readonly number[]> => [
    (await events('general')).filter(({ text }) => !text.includes(' because Failed with SecurityException')).length,
    (await events('audit')).length,
  ]
  const before = await counts()
  await stompSend(endpoint(STOMP), ca, ALICE, 'MEASURED', 'one')
  await stompSend(endpoint(STOMP), ca, ALICE, 'MEASURED', 'two')
  await stompReceive(endpoint(STOMP), ca, ALICE, 'MEASURED')
  const reading = await engine.readMetrics(ID, 1)
  const queue = reading?.destinations.find(({ kind, name }) => kind === 'Queue' && name === 'MEASURED')
  expect(queue?.gauges).toMatchObject({ QueueSize: 1, ConsumerCount: 0, ProducerCount: 0, InFlightCount: 0 })
  expect(queue?.counters).toMatchObject({ EnqueueCount: 2, DequeueCount: 1, ExpiredCount: 0 })
  const limits = ['Amqp', 'Mqtt', 'Openwire', 'Stomp', 'Ws'].map((protocol) => [`${protocol}MaximumConnections`, 300])
  expect(reading?.gauges).toMatchObject(Object.fromEntries(limits))
  expect(reading?.gauges).toMatchObject({ NetworkConnectorConnectionCount: 0, JournalFilesForFullRecovery: 1 })
  expect(Object.keys(reading?.gauges ?? {}).toSorted()).toEqual([
    'AmqpMaximumConnections',
    'CpuUtilization',
    'CurrentConnectionsCount',
    'EstablishedConnectionsCount',
    'HeapUsage',
    'InactiveDurableTopicSubscribersCount',
    'JobSchedulerStorePercentUsage',
    'JournalFilesForFullRecovery',
    'MqttMaximumConnections',
    'NetworkConnectorConnectionCount',
    'OpenwireMaximumConnections',
    'StompMaximumConnections',
    'StorePercentUsage',
    'TempPercentUsage',
    'TotalConsumerCount',
    'TotalDequeueCount',
    'TotalEnqueueCount',
    'TotalMessageCount',
    'TotalProducerCount',
    'WsMaximumConnections',
  ])
  expect(reading?.gauges['HeapUsage']).toBeGreaterThan(0)
  expect(reading?.destinations.some(({ kind }) => kind === 'Topic')).toBe(true)
  expect(await engine.readMetrics('b-0a1b2c3d-0000-4000-8000-00000000ffff', 1)).toBeUndefined()
  expect(await counts()).toEqual(before)
})

describe('life', () => {
  test('stop is in order, messages and logs are there after the next start, and changed users count', async () => {
    await stompSend(endpoint(STOMP), ca, ALICE, 'q.kept', 'kept over a restart')
    await engine.stop(ID, 1)
    expect((await broker.exited).code).toBe(143)
    await eventWith('general', /Apache ActiveMQ 5\.18\.3 \(orders, .*\) is shutdown/)
    const before = (await events('general')).length
    const bob = { username: 'bob', password: 'bob-password-333', groups: [], consoleAccess: false }
    broker = await engine.start(
      { ...SPEC, users: [bob], logs: { general: true, audit: false, security: false } },
      never,
    )
    expect(await stompReceive(endpoint(STOMP), ca, bob, 'q.kept')).toBe('kept over a restart')
    await expect(stompRoundTrip(endpoint(STOMP), ca, ALICE, 'q', 'x')).rejects.toThrow()
    expect((await events('general')).length).toBeGreaterThan(before)
  })

  test('a port that another process holds is named, and nothing is started', async () => {
    await engine.stop(ID, 1)
    const holder = createServer()
    await once(holder.listen(61614, broker.address.ipAddress), 'listening')
    await expect(engine.start(SPEC, never)).rejects.toThrow(
      `another process listens on port 61614 of ${broker.address.ipAddress}; end that process`,
    )
    await once(holder.close(), 'close')
    expect(await engine.adopt(ID, 1)).toBeUndefined()
  })

  test('a message store that cannot be read is told in a sentence', async () => {
    const store = join(base(), 'data', 'kahadb')
    await rename(store, `${store}.aside`)
    await writeFile(store, 'no folder')
    await expect(engine.start(SPEC, never)).rejects.toThrow(/the message store in .*kahadb cannot be opened/)
    expect(await engine.adopt(ID, 1)).toBeUndefined()
    await rm(store)
    await rename(`${store}.aside`, store)
  })

  test('a start is given up when its signal aborts or the broker is stopped, and leaves no process', async () => {
    const abort = new AbortController()
    const aborted = engine.start(SPEC, abort.signal)
    setTimeout(() => abort.abort(new Error('the platform stops')), 300)
    await expect(aborted).rejects.toThrow('the platform stops')
    expect(await engine.adopt(ID, 1)).toBeUndefined()
    const stopped = engine.start(SPEC, never)
    setTimeout(() => void engine.stop(ID, 1), 300)
    await expect(stopped).rejects.toThrow('the broker was stopped while it started')
    expect(await engine.adopt(ID, 1)).toBeUndefined()
  })

  test('a removed broker leaves no file', async () => {
    await engine.remove(ID)
    expect(await readdir(join(data, 'brokers'))).toEqual([])
    await engine.remove(ID)
  })
})
