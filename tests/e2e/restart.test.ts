import {
  DeleteBrokerCommand,
  DescribeBrokerCommand,
  RebootBrokerCommand,
  UpdateBrokerCommand,
} from '@aws-sdk/client-mq'
import { beforeAll, expect, test } from 'vitest'
import { activemqConsole } from '@sluice/cli/activemq-console'
import { stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { BROKER_USER, createBroker, groupOf, messagesOf, putLogPolicy, untilLine, untilRunning } from './brokers.ts'

const platform = filePlatform()
const aws = platform.clients()
let broker: { id: string; arn: string }

beforeAll(async () => {
  await putLogPolicy(aws.logs)
  broker = await createBroker(aws.mq, 'survivor')
  await untilRunning(aws.mq, broker.id)
})

const generalLines = (text: string): Promise<readonly string[]> =>
  messagesOf(aws.logs, groupOf(broker.id, 'general')).then((lines) => lines.filter((line) => line.includes(text)))
const caPem = async (): Promise<string> => (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
const describeBroker = () => aws.mq.send(new DescribeBrokerCommand({ BrokerId: broker.id }))

const endpointOf = async (protocol: string): Promise<string> =>
  (await describeBroker()).BrokerInstances?.[0]?.Endpoints?.find((url) => url.startsWith(protocol)) ?? ''

const console_ = async () => {
  const { BrokerInstances } = await describeBroker()
  return activemqConsole({
    consoleUrl: BrokerInstances?.[0]?.ConsoleURL ?? '',
    username: BROKER_USER.Username,
    password: BROKER_USER.Password,
    caPem: await caPem(),
  })
}

test('a platform that was killed adopts its running broker, and the lines written meanwhile arrive once', async () => {
  await untilLine(aws.logs, groupOf(broker.id, 'general'), ') started')
  const operator = await console_()
  await platform.kill()
  // The broker outlives the platform: it still serves people, and still writes its audit log.
  await operator.createQueue('WHILE.NOBODY.WATCHED')
  await platform.start()
  expect((await describeBroker()).BrokerState).toBe('RUNNING')
  const audit = await untilLine(aws.logs, groupOf(broker.id, 'audit'), 'WHILE.NOBODY.WATCHED')
  expect(
    audit.filter((line) => line.includes('createDestination.action') && line.includes('WHILE.NOBODY.WATCHED')),
  ).toHaveLength(1)
  expect(await generalLines(') started')).toHaveLength(1)
})

test('--keep-brokers leaves the broker running', async () => {
  await platform.stop('SIGUSR2')
  await platform.start()
  expect((await describeBroker()).BrokerState).toBe('RUNNING')
  await (await console_()).createQueue('KEPT')
  expect(await generalLines(') started')).toHaveLength(1)
})

test('a stopped platform stops its broker in order and starts it again with its messages', async () => {
  const login = { username: BROKER_USER.Username, password: BROKER_USER.Password }
  const ca = await caPem()
  for (const text of ['1', '2', '3']) await stompSend(await endpointOf('stomp'), ca, login, 'ORDERS', text)
  await platform.stop()
  await platform.start()
  await untilRunning(aws.mq, broker.id)
  await eventually(
    'the second start',
    60,
    () => generalLines(') started'),
    (lines) => lines.length === 2,
  )
  expect(await generalLines(') is shutdown')).toHaveLength(1)
  const received: string[] = []
  for (let message = 0; message < 3; message += 1)
    received.push(await stompReceive(await endpointOf('stomp'), ca, login, 'ORDERS'))
  expect(received.toSorted()).toEqual(['1', '2', '3'])
})

test('changed log settings wait for a reboot, which flips the state at once', async () => {
  await aws.mq.send(new UpdateBrokerCommand({ BrokerId: broker.id, Logs: { Audit: false, General: true } }))
  expect((await describeBroker()).Logs).toMatchObject({
    Audit: true,
    General: true,
    Pending: { Audit: false, General: true },
  })
  await aws.mq.send(new RebootBrokerCommand({ BrokerId: broker.id }))
  expect((await describeBroker()).BrokerState).toBe('REBOOT_IN_PROGRESS')
  const { Logs } = await untilRunning(aws.mq, broker.id)
  expect(Logs).toMatchObject({ Audit: false, General: true })
  expect(Logs?.Pending).toBeUndefined()
  const before = (await messagesOf(aws.logs, groupOf(broker.id, 'audit'))).length
  await (await console_()).createQueue('UNSEEN')
  await eventually(
    'the general log after the reboot',
    30,
    () => generalLines(') started'),
    (lines) => lines.length === 3,
  )
  expect(await messagesOf(aws.logs, groupOf(broker.id, 'audit'))).toHaveLength(before)
})

test('a deleted broker is gone, its log groups stay', async () => {
  const { BrokerState } = await aws.mq.send(new DeleteBrokerCommand({ BrokerId: broker.id })).then(describeBroker)
  expect(BrokerState).toBe('DELETION_IN_PROGRESS')
  await eventually(
    'NotFound',
    60,
    () =>
      describeBroker().then(
        () => 'there',
        (error: Error) => error.name,
      ),
    (name) => name === 'NotFoundException',
  )
  expect((await generalLines(') is shutdown')).length).toBe(3)
})
