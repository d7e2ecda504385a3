import { activemqConsole } from '@sluice/cli/activemq-console'
import { mqttRoundTrip, stompReceive, stompReject, stompSend } from '@sluice/testkit/broker-clients.ts'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseXml } from '@sluice/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { testBroker, testEngine } from '#engines/testing/test-broker.ts'

const [ONE, TWO] = ['b-0a1b2c3d-0000-4000-8000-000000000011', 'b-0a1b2c3d-0000-4000-8000-000000000012'] as const
const ALICE = { username: 'alice', password: 'alice-password-1' }
const APP = { username: 'app', password: 'app-password-22' }
/** Spring would make something of this password. */
const BRIDGE = { username: 'bridge', password: '${no.such} #{6*7} bridge' }
const USERS = [
  { ...ALICE, groups: ['admins'], consoleAccess: true },
  { ...APP, groups: ['apps'], consoleAccess: false },
  { ...BRIDGE, groups: ['admins'], consoleAccess: false },
]
const never = new AbortController().signal
const STOMP = 2

const CONFIGURATION = `<broker schedulerSupport="true">
  <destinations><queue physicalName="THERE.FROM.THE.START"/></destinations>
  <destinationInterceptors><virtualDestinationInterceptor><virtualDestinations>
    <virtualTopic name="NEWS.>" prefix="COPY.*." selectorAware="false"/>
    <compositeQueue name="APP.IN"><forwardTo><queue physicalName="APP.OUT"/></forwardTo></compositeQueue>
  </virtualDestinations></virtualDestinationInterceptor></destinationInterceptors>
  <destinationPolicy><policyMap><policyEntries>
    <policyEntry queue="APP.>">
      <deadLetterStrategy><individualDeadLetterStrategy queuePrefix="DEAD." useQueueForQueueMessages="true"/></deadLetterStrategy>
    </policyEntry>
  </policyEntries></policyMap></destinationPolicy>
  <persistenceAdapter><kahaDB journalDiskSyncStrategy="periodic" journalDiskSyncInterval="500"/></persistenceAdapter>
  <systemUsage><systemUsage sendFailIfNoSpace="true"><memoryUsage><memoryUsage percentOfJvmHeap="40"/></memoryUsage></systemUsage></systemUsage>
  <transportConnectors><transportConnector name="openwire" updateClusterClients="true"/></transportConnectors>
  <plugins>
    <authorizationPlugin><map><authorizationMap>
      <authorizationEntries>
        <authorizationEntry queue=">" admin="admins,activemq-webconsole" read="admins,activemq-webconsole" write="admins,activemq-webconsole"/>
        <authorizationEntry topic=">" admin="admins,activemq-webconsole" read="admins,activemq-webconsole" write="admins,activemq-webconsole"/>
        <authorizationEntry queue="APP.>" admin="apps" read="apps" write="apps"/>
        <authorizationEntry topic="ActiveMQ.Advisory.>" admin="apps" read="apps" write="apps"/>
      </authorizationEntries>
    </authorizationMap></map></authorizationPlugin>
    <discardingDLQBrokerPlugin dropAll="false"/><forcePersistencyModeBrokerPlugin persistenceFlag="true"/>
    <redeliveryPlugin/><statisticsBrokerPlugin/><timeStampingBrokerPlugin ttlCeiling="86400000"/>
  </plugins>
</broker>`

let data: string
let ca: string
let engine: BrokerEngine
let broker: RunningBroker

const configured = (xml: string) => ({ users: USERS, configuration: parseXml(Buffer.from(xml)) })
const stomp = (of: RunningBroker): string => of.address.endpoints[STOMP] ?? ''

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-configuration-'))
  const made = await testEngine(data)
  engine = made.engine
  ca = made.ca.certificatePem
  broker = await engine.start(testBroker(ONE, configured(CONFIGURATION)), never)
})
afterAll(async () => {
  await Promise.all([engine.remove(ONE), engine.remove(TWO)])
  await rm(data, { recursive: true, force: true })
})

test('an authorization map decides who may use which queue, and lets the console in', async () => {
  await stompSend(stomp(broker), ca, APP, 'APP.Q', 'allowed')
  expect(await stompReceive(stomp(broker), ca, APP, 'APP.Q')).toBe('allowed')
  await expect(stompSend(stomp(broker), ca, APP, 'SECRET.Q', 'x')).rejects.toThrow(/not authorized/)
  await stompSend(stomp(broker), ca, ALICE, 'SECRET.Q', 'x')
  const console = activemqConsole({ consoleUrl: broker.address.consoleUrl, caPem: ca, ...ALICE })
  await console.createQueue('FROM.THE.CONSOLE')
  const queues = await console.page('queues.jsp')
  expect(queues).toContain('FROM.THE.CONSOLE')
  expect(queues).toContain('THERE.FROM.THE.START')
})

test('a message that is refused goes to the queue that the policy names', async () => {
  await stompSend(stomp(broker), ca, APP, 'APP.JOBS', 'cannot be used')
  expect(await stompReject(stomp(broker), ca, APP, 'APP.JOBS')).toBe('cannot be used')
  expect(await stompReceive(stomp(broker), ca, ALICE, 'DEAD.APP.JOBS')).toBe('cannot be used')
})

test('virtual destinations forward', async () => {
  await stompSend(stomp(broker), ca, APP, 'APP.IN', 'composite')
  expect(await stompReceive(stomp(broker), ca, APP, 'APP.OUT')).toBe('composite')
  const console = activemqConsole({ consoleUrl: broker.address.consoleUrl, caPem: ca, ...ALICE })
  await console.createQueue('COPY.ARCHIVE.NEWS.TODAY')
  await mqttRoundTrip(
    broker.address.endpoints[3]?.replace(/^mqtt\+ssl/, 'mqtts') ?? '',
    ca,
    ALICE,
    'NEWS/TODAY',
    'read it',
  )
  expect(await stompReceive(stomp(broker), ca, ALICE, 'COPY.ARCHIVE.NEWS.TODAY')).toBe('read it')
})

test('a configuration with which the broker cannot start is told in a sentence, and nothing is left running', async () => {
  const spec = testBroker(TWO, configured('<broker><plugins><redeliveryPlugin/></plugins></broker>'))
  await expect(engine.start(spec, never)).rejects.toThrow(/scheduler/i)
  expect(await engine.adopt(TWO, 1)).toBeUndefined()
})

test('a network connector carries messages to another broker, with a password that is in no file', async () => {
  const uri = `static:(${broker.address.endpoints[0] ?? ''})`
  const spec = testBroker(TWO, {
    ...configured(
      `<broker><networkConnectors><networkConnector name="to-one" userName="bridge" duplex="true" uri="${uri}"/></networkConnectors></broker>`,
    ),
    brokerName: 'second',
  })
  const second = await engine.start(spec, never)
  await stompSend(stomp(broker), ca, ALICE, 'CROSSED', 'over the bridge')
  expect(await stompReceive(stomp(second), ca, ALICE, 'CROSSED')).toBe('over the bridge')
  expect((await engine.readMetrics(TWO, 1))?.gauges['NetworkConnectorConnectionCount']).toBe(1)
  const conf = join(data, 'brokers', TWO, '1', 'conf')
  for (const name of await readdir(conf))
    expect(await readFile(join(conf, name), 'latin1')).not.toContain(BRIDGE.password)
})
