import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateBrokerCommand,
  type CreateBrokerCommandInput,
  DescribeBrokerCommand,
  type DescribeBrokerCommandOutput,
  type MqClient,
  RebootBrokerCommand,
} from '@aws-sdk/client-mq'
import {
  FilterLogEventsCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  type CloudWatchLogsClient,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { eventually } from '@sluice/testkit/eventually.ts'

/** What brokers of the tests are made with. */
export const BROKER_USER = {
  Username: 'operator',
  Password: 'correct-horse-9',
  ConsoleAccess: true,
  Groups: ['admins'],
} as const

/** The policy of the Amazon MQ guide, with a condition where one is given. */
const logPolicy = (condition?: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'mq.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  })

export const putLogPolicy = (logs: CloudWatchLogsClient, condition?: object): Promise<unknown> =>
  logs.send(new PutResourcePolicyCommand({ policyName: 'AmazonMQ-logs', policyDocument: logPolicy(condition) }))

/** CreateBroker with both logs on, as a script of the guide would, and whatever `more` says. */
export async function createBroker(
  mq: MqClient,
  name: string,
  logs: { General?: boolean; Audit?: boolean } = { General: true, Audit: true },
  more: Partial<CreateBrokerCommandInput> = {},
): Promise<{ id: string; arn: string }> {
  const { BrokerId, BrokerArn } = await mq.send(
    new CreateBrokerCommand({
      BrokerName: name,
      DeploymentMode: 'SINGLE_INSTANCE',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.18',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      Users: [{ ...BROKER_USER, Groups: [...BROKER_USER.Groups] }],
      Logs: logs,
      ...more,
    }),
  )
  if (BrokerId === undefined || BrokerArn === undefined) throw new Error('CreateBroker answered no id')
  return { id: BrokerId, arn: BrokerArn }
}

export const untilRunning = (mq: MqClient, id: string): Promise<DescribeBrokerCommandOutput> =>
  eventually(
    `broker ${id} is RUNNING`,
    180,
    () => mq.send(new DescribeBrokerCommand({ BrokerId: id })),
    ({ BrokerState }) => {
      if (BrokerState === 'CREATION_FAILED') throw new Error('CREATION_FAILED')
      return BrokerState === 'RUNNING'
    },
  )

export const untilGone = (mq: MqClient, id: string): Promise<unknown> =>
  eventually(
    `broker ${id} is gone`,
    60,
    () =>
      mq.send(new DescribeBrokerCommand({ BrokerId: id })).then(
        () => 'there',
        (error: Error) => error.name,
      ),
    (name) => name === 'NotFoundException',
  )

/** The process of an instance, as it was noted beside its files when it was launched. */
export const instancePid = (data: string, id: string, instance: number): number =>
  Number.parseInt(readFileSync(join(data, 'brokers', id, String(instance), 'process'), 'utf8').split('\n')[1] ?? '', 10)

export async function reboot(mq: MqClient, id: string): Promise<DescribeBrokerCommandOutput> {
  await mq.send(new RebootBrokerCommand({ BrokerId: id }))
  return untilRunning(mq, id)
}

export const groupOf = (id: string, log: 'general' | 'audit'): string => `/aws/amazonmq/broker/${id}/${log}`

/** Names of the log groups that a broker has. */
export async function groupsOf(logs: CloudWatchLogsClient, id: string): Promise<readonly string[]> {
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/amazonmq/broker/${id}/` }),
  )
  return logGroups.map(({ logGroupName }) => logGroupName ?? '')
}

export async function streamsOf(logs: CloudWatchLogsClient, group: string): Promise<readonly string[]> {
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }))
  return logStreams.map(({ logStreamName }) => logStreamName ?? '')
}

/** Every message of a group, in order, page by page. */
export async function messagesOf(logs: CloudWatchLogsClient, group: string): Promise<readonly string[]> {
  const messages: string[] = []
  let nextToken: string | undefined
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, ...(nextToken === undefined ? {} : { nextToken }) }),
    )
    messages.push(...(page.events ?? []).map(({ message }) => message ?? ''))
    ;({ nextToken } = page)
  } while (nextToken !== undefined)
  return messages
}

/** Waits until a line of a group contains the text. */
export const untilLine = (
  logs: CloudWatchLogsClient,
  group: string,
  text: string,
  seconds = 30,
): Promise<readonly string[]> =>
  eventually(
    `a line with "${text}" in ${group}`,
    seconds,
    () => messagesOf(logs, group),
    (messages) => messages.some((message) => message.includes(text)),
  )
