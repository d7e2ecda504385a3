import { CreateBrokerCommand, type CreateBrokerCommandInput, DeleteBrokerCommand } from '@aws-sdk/client-mq'
import { GetRoleCommand } from '@aws-sdk/client-iam'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { rabbitmqEngine } from '../../packages/server/src/engines/rabbitmq/index.ts'
import { openCertificateAuthority } from '../../packages/server/src/kernel/ca.ts'
import { identifyProcess, isRunning } from '@sluice/server/process-identity'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { NO_RABBITMQ, type RabbitmqConsole, rabbitmqConsole } from '@sluice/testkit/rabbitmq-console.ts'
import {
  BROKER_USER,
  groupOf,
  instancePid,
  messagesOf,
  reboot,
  streamsOf,
  untilGone,
  untilLine,
  untilRunning,
} from './brokers.ts'

const platform = filePlatform()
const aws = platform.clients()
const create = async (changes: Partial<CreateBrokerCommandInput>): Promise<string> => {
  const { BrokerId = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: 'rabbit',
      DeploymentMode: 'SINGLE_INSTANCE',
      EngineType: 'RABBITMQ',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      Users: [{ Username: BROKER_USER.Username, Password: BROKER_USER.Password }],
      ...changes,
    }),
  )
  return BrokerId
}

const general = (id: string): string => groupOf(id, 'general')
/** Waits until nodes of the broker were up so often; answers every line of the group. */
const untilUp = (id: string, times: number): Promise<readonly string[]> =>
  eventually(
    `the lines of start ${String(times)}`,
    120,
    () => messagesOf(aws.logs, general(id)),
    (messages) => messages.filter((message) => message.includes('Server startup complete')).length === times,
  )

test.skipIf(NO_RABBITMQ === undefined)('where RabbitMQ is not installed, the error names the package', async () => {
  for (const DeploymentMode of ['SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'] as const)
    await expect(create({ DeploymentMode })).rejects.toThrow('apt-get install rabbitmq-server')
})

describe.skipIf(NO_RABBITMQ !== undefined)(NO_RABBITMQ ?? 'a real RabbitMQ', () => {
  const CLUSTER = { DeploymentMode: 'CLUSTER_MULTI_AZ', HostInstanceType: 'mq.m5.large' } as const
  let clusterId: string
  // It comes up while the other one is tested.
  beforeAll(async () => {
    clusterId = await create({ ...CLUSTER, BrokerName: 'cluster', Logs: { General: true } })
  })

  test('its log arrives once by the service-linked role, without a resource policy', async () => {
    await expect(create({ Logs: { Audit: true } })).rejects.toThrow('does not apply to RabbitMQ brokers')
    const id = await create({ Logs: { General: true } })
    const { EngineType, BrokerInstances } = await untilRunning(aws.mq, id)
    expect(EngineType).toBe('RabbitMQ')
    expect(BrokerInstances?.[0]?.Endpoints?.[0]).toMatch(/^amqps:\/\/127\.[\d.]+:5671$/)
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForAmazonMQ' }))
    expect(Role?.Path).toBe('/aws-service-role/mq.amazonaws.com/')

    const lines = await untilLine(aws.logs, general(id), 'Server startup complete')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00 \[\w+\] /)
    expect(await streamsOf(aws.logs, general(id))).toEqual([`rabbitmq-${id}-1.log`])

    await reboot(aws.mq, id)
    expect((await untilUp(id, 2)).slice(0, lines.length)).toEqual(lines)
    await aws.mq.send(new DeleteBrokerCommand({ BrokerId: id }))
    await untilGone(aws.mq, id)
  })

  describe('a cluster', () => {
    let id: string
    let rabbit: RabbitmqConsole
    const pids = (): readonly number[] => [1, 2, 3].map((n) => instancePid(platform.data, id, n))
    /** The ports of a node that only the machine sees: the port mapper's, its own. */
    const innerPorts = (instance: number): readonly number[] => {
      const file = join(platform.data, 'brokers', id, String(instance), 'inner', 'address.json')
      return (JSON.parse(readFileSync(file, 'utf8')) as { ports: number[] }).ports
    }
    const queue = async (): Promise<{ leader: string; online: readonly string[] }> =>
      JSON.parse((await rabbit.ask('GET', '/api/queues/%2F/ORDERS')).body) as never
    const untilReplicated = (): Promise<unknown> =>
      eventually('three members of the queue', 60, queue, ({ online }) => online.length === 3)

    beforeAll(async () => {
      await expect(create({ ...CLUSTER, Logs: { Audit: true } })).rejects.toThrow('does not apply to RabbitMQ brokers')
      id = clusterId
      const { BrokerInstances = [] } = await untilRunning(aws.mq, id)
      expect(BrokerInstances.map(({ Endpoints, IpAddress }) => [Endpoints?.length, IpAddress])).toEqual([
        [1, undefined],
      ])
      rabbit = rabbitmqConsole({
        consoleUrl: BrokerInstances[0]?.ConsoleURL ?? '',
        ca: await (await fetch(new URL('/_sluice/ca.pem', platform.url))).text(),
        username: BROKER_USER.Username,
        password: BROKER_USER.Password,
      })
    })

    test('is three nodes that replicate a quorum queue, with a stream each', async () => {
      await untilUp(id, 3)
      expect((await streamsOf(aws.logs, general(id))).toSorted()).toEqual(
        [1, 2, 3].map((n) => `rabbitmq-${id}-${String(n)}.log`),
      )
      const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
      expect((await rabbit.ask('PUT', '/api/queues/%2F/ORDERS', quorum)).status).toBe(201)
      await untilReplicated()
      await rabbit.publish('ORDERS', 'survives its nodes')
    })

    test('when the leader of the queue is killed, clients go on at the same address, and the node comes back', async () => {
      const before = pids()
      const { leader } = await queue()
      const killed = [1, 2, 3].find((n) => leader === `broker${String(innerPorts(n)[1])}@localhost`) ?? 0
      process.kill(before[killed - 1] ?? 0, 'SIGKILL')
      await eventually(
        'the message at the other nodes',
        30,
        () => rabbit.peek('ORDERS'),
        (text) => text === 'survives its nodes',
      )
      await untilUp(id, 4)
      await untilReplicated()
      const changed = pids().flatMap((pid, index) => (pid === before[index] ? [] : [index + 1]))
      expect(changed).toEqual([killed])
    })

    test('each node tells its own metrics and those of the whole, and the queue is told by its leader alone', async () => {
      const engine = rabbitmqEngine({
        dataDirectory: platform.data,
        ca: await openCertificateAuthority(join(platform.data, 'ca')),
      })
      const readings = await eventually(
        'the message among the metrics',
        30,
        () => Promise.all([1, 2, 3].map((n) => engine.readMetrics(id, n))),
        (all) =>
          all.every((each) => each?.whole?.['MessageCount'] === 1) &&
          all.some((each) => each?.destinations.length === 1),
      )
      expect(new Set(readings.map((each) => each?.node)).size).toBe(3)
      expect(readings.flatMap((each) => each?.destinations ?? [])).toMatchObject([
        { name: 'ORDERS', gauges: { MessageCount: 1 } },
      ])
    })

    test('a reboot restarts every node, and the queue keeps its message', async () => {
      const before = pids()
      await reboot(aws.mq, id)
      expect(pids().filter((pid) => before.includes(pid))).toEqual([])
      await untilUp(id, 7)
      expect(await rabbit.peek('ORDERS')).toBe('survives its nodes')
    })

    test('all nodes and the platform killed at once: the cluster comes back with its message', async () => {
      await platform.kill()
      for (const pid of pids()) process.kill(pid, 'SIGKILL')
      await platform.start()
      await untilUp(id, 10)
      await untilReplicated()
      expect(await rabbit.peek('ORDERS')).toBe('survives its nodes')
    })

    test('deleting it ends every process, the port mapper among them', async () => {
      const processes = pids().map((pid) => identifyProcess(pid))
      const [mapper = 0] = innerPorts(1)
      await aws.mq.send(new DeleteBrokerCommand({ BrokerId: id }))
      await untilGone(aws.mq, id)
      expect(processes.map((each) => each && isRunning(each))).toEqual([false, false, false])
      const socket = connect(mapper, '127.0.0.1')
      await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED')
      expect(existsSync(join(platform.data, 'brokers', id))).toBe(false)
    })
  })
})
