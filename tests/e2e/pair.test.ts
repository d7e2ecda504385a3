import { CreateBrokerCommand, DeleteBrokerCommand, RebootBrokerCommand } from '@aws-sdk/client-mq'
import { beforeAll, expect, test } from 'vitest'
import { stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { identifyProcess, isRunning } from '@sluice/server/process-identity'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import {
  BROKER_USER,
  groupOf,
  instancePid,
  messagesOf,
  putLogPolicy,
  streamsOf,
  untilGone,
  untilLine,
  untilRunning,
} from './brokers.ts'

const OPERATOR = { username: BROKER_USER.Username, password: BROKER_USER.Password }
const platform = filePlatform()
const aws = platform.clients()
let ca: string
let brokerId: string
let stomp: readonly string[]

beforeAll(async () => {
  ca = await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text()
  await putLogPolicy(aws.logs)
  const { BrokerId = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: 'pair',
      DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.18',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      Users: [{ ...BROKER_USER, Groups: [...BROKER_USER.Groups] }],
      Logs: { General: true },
    }),
  )
  brokerId = BrokerId
  const { BrokerInstances = [] } = await untilRunning(aws.mq, brokerId)
  stomp = BrokerInstances.map(({ Endpoints }) => Endpoints?.[2] ?? '')
})

const pidOf = (instance: number): number => instancePid(platform.data, brokerId, instance)
const general = (): string => groupOf(brokerId, 'general')

test('both instances have an address and a stream; one of them serves', async () => {
  expect(new Set(stomp).size).toBe(2)
  const names = [1, 2].map((n) => `activemq-${brokerId}-${String(n)}.log`)
  await eventually(
    'both streams',
    20,
    () => streamsOf(aws.logs, general()),
    (streams) => JSON.stringify(streams.toSorted()) === JSON.stringify(names),
  )
  await untilLine(aws.logs, general(), 'This broker is now in slave mode')
  await stompSend(stomp[0] ?? '', ca, OPERATOR, 'ORDERS', 'survives its broker')
  await expect(stompSend(stomp[1] ?? '', ca, OPERATOR, 'ORDERS', 'x')).rejects.toThrow(/ECONNREFUSED/)
})

test('while no platform runs, the one that serves is killed: the other takes over, and is adopted beside a new standby', async () => {
  const standby = pidOf(2)
  await platform.kill()
  process.kill(pidOf(1), 'SIGKILL')
  expect(
    await eventually(
      'the message at the other instance',
      30,
      () => stompReceive(stomp[1] ?? '', ca, OPERATOR, 'ORDERS'),
      () => true,
    ),
  ).toBe('survives its broker')
  await platform.start()
  const lines = await eventually(
    'the new standby',
    60,
    () => messagesOf(aws.logs, general()),
    (messages) => messages.filter((line) => line.includes('This broker is now in slave mode')).length === 2,
  )
  expect(lines.filter((line) => line.includes(') started'))).toHaveLength(2)
  expect(pidOf(2)).toBe(standby)
  await untilRunning(aws.mq, brokerId)
})

test('a reboot hands over to the standby, and the messages stay', async () => {
  await stompSend(stomp[1] ?? '', ca, OPERATOR, 'ORDERS', 'survives the reboot')
  await aws.mq.send(new RebootBrokerCommand({ BrokerId: brokerId }))
  await untilRunning(aws.mq, brokerId)
  expect(await stompReceive(stomp[0] ?? '', ca, OPERATOR, 'ORDERS')).toBe('survives the reboot')
  await expect(stompSend(stomp[1] ?? '', ca, OPERATOR, 'ORDERS', 'x')).rejects.toThrow(/ECONNREFUSED/)
})

test('deleting the pair ends both', async () => {
  const processes = [1, 2].map((instance) => identifyProcess(pidOf(instance)))
  await aws.mq.send(new DeleteBrokerCommand({ BrokerId: brokerId }))
  await untilGone(aws.mq, brokerId)
  expect(processes.map((each) => each && isRunning(each))).toEqual([false, false])
})
