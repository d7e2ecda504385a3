import { CreateBrokerCommand, DeleteBrokerCommand, DescribeBrokerCommand, NotFoundException } from '@aws-sdk/client-mq'
import { GetRoleCommand } from '@aws-sdk/client-iam'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { groupOf, messagesOf, reboot, streamsOf, untilLine, untilRunning } from './brokers.ts'

/** RabbitMQ comes with the machine: the package rabbitmq-server. */
const IS_INSTALLED = existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server')
const directory = temporaryDirectory()
let platform: TestPlatform
let aws: Clients
beforeAll(async () => {
  platform = await startTestPlatform({ data: directory.path })
  aws = clients(platform.url)
})
afterAll(async () => {
  await platform.stop()
  directory.remove()
})

const newRabbit = (logs: { readonly Audit?: boolean; readonly General?: boolean }) =>
  new CreateBrokerCommand({
    BrokerName: 'rabbit',
    DeploymentMode: 'SINGLE_INSTANCE',
    EngineType: 'RABBITMQ',
    HostInstanceType: 'mq.t3.micro',
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: true,
    Users: [{ Username: 'operator', Password: 'correct-horse-9' }],
    Logs: logs,
  })

test.runIf(!IS_INSTALLED)('where RabbitMQ is not installed, the error names the package', async () => {
  await expect(aws.mq.send(newRabbit({}))).rejects.toThrow('apt-get install rabbitmq-server')
})

test.runIf(IS_INSTALLED)(
  'a real RabbitMQ: its log arrives once by the service-linked role, without a resource policy',
  async () => {
    await expect(aws.mq.send(newRabbit({ Audit: true }))).rejects.toThrow('does not apply to RabbitMQ brokers')
    const { BrokerId: id = '' } = await aws.mq.send(newRabbit({ General: true }))
    const { EngineType, BrokerInstances } = await untilRunning(aws.mq, id)
    expect(EngineType).toBe('RabbitMQ')
    expect(BrokerInstances?.[0]?.Endpoints?.[0]).toMatch(/^amqps:\/\/127\.[\d.]+:5671$/)
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForAmazonMQ' }))
    expect(Role?.Path).toBe('/aws-service-role/mq.amazonaws.com/')

    const lines = await untilLine(aws.logs, groupOf(id, 'general'), 'Server startup complete')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00 \[\w+\] /)
    expect(await streamsOf(aws.logs, groupOf(id, 'general'))).toEqual([`rabbitmq-${id}-1.log`])

    await reboot(aws.mq, id)
    const started = (messages: readonly string[]): number =>
      messages.filter((message) => message.includes('Server startup complete')).length
    const all = await eventually(
      'the lines of the second start',
      60,
      () => messagesOf(aws.logs, groupOf(id, 'general')),
      (messages) => started(messages) === 2,
    )
    expect(all.slice(0, lines.length)).toEqual(lines)

    await aws.mq.send(new DeleteBrokerCommand({ BrokerId: id }))
    await eventually(
      'the broker is gone',
      60,
      () =>
        aws.mq.send(new DescribeBrokerCommand({ BrokerId: id })).then(
          () => false,
          (error: unknown) => error instanceof NotFoundException,
        ),
      (isGone) => isGone,
    )
  },
)
