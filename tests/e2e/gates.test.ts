import { DeleteResourcePolicyCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { DeleteBrokerCommand, ListBrokersCommand } from '@aws-sdk/client-mq'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import {
  createBroker,
  groupOf,
  groupsOf,
  messagesOf,
  putLogPolicy,
  reboot,
  streamsOf,
  untilLine,
  untilRunning,
} from './brokers.ts'

const ACCOUNT = '000000000000'
const platform = filePlatform()
const root = platform.clients()

beforeEach(async () => {
  await root.logs.send(new DeleteResourcePolicyCommand({ policyName: 'AmazonMQ-logs' })).catch(() => undefined)
})

/** An IAM user with this policy, or none, and clients that sign as it. */
async function userWith(name: string, ...actions: readonly string[]): Promise<Clients> {
  await root.iam.send(new CreateUserCommand({ UserName: name }))
  if (actions.length > 0) await allow(name, actions)
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: name }))
  if (AccessKey?.AccessKeyId === undefined || AccessKey.SecretAccessKey === undefined) throw new Error('no access key')
  return clients(platform.url, { accessKeyId: AccessKey.AccessKeyId, secret: AccessKey.SecretAccessKey })
}

const allow = (name: string, actions: readonly string[]): Promise<unknown> =>
  root.iam.send(
    new PutUserPolicyCommand({
      UserName: name,
      PolicyName: 'permissions',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
      }),
    }),
  )

const bothGroups = (id: string): string[] => [groupOf(id, 'audit'), groupOf(id, 'general')]
const stream = (id: string): string => `activemq-${id}-1.log`
const drop = (id: string): Promise<unknown> => root.mq.send(new DeleteBrokerCommand({ BrokerId: id }))

/** Long enough for a delivery that is allowed to have happened: it takes well under a second when it may. */
const SETTLED_MILLIS = 4_000
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLED_MILLIS))

describe('the two gates of broker logs', () => {
  test('caller may create groups, policy of the guide: groups, streams and lines', async () => {
    await putLogPolicy(root.logs)
    const { id } = await createBroker(root.mq, 'gate-open')
    await untilRunning(root.mq, id)
    const lines = await untilLine(root.logs, groupOf(id, 'general'), ') started')
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| INFO +\| /)
    expect(await groupsOf(root.logs, id)).toEqual(bothGroups(id))
    expect(await streamsOf(root.logs, groupOf(id, 'general'))).toEqual([stream(id)])
    expect(await streamsOf(root.logs, groupOf(id, 'audit'))).toEqual([stream(id), `activemq-${id}-1.security.log`])
    await drop(id)
  })

  test('caller may not create groups: RUNNING without a group; after the permission and a reboot, groups and lines', async () => {
    await putLogPolicy(root.logs)
    const user = await userWith('no-groups', 'mq:*', 'ec2:*')
    const { id } = await createBroker(user.mq, 'gate-no-group')
    await untilRunning(root.mq, id)
    await settled()
    expect(await groupsOf(root.logs, id)).toEqual([])
    await allow('no-groups', ['mq:*', 'logs:CreateLogGroup'])
    await reboot(user.mq, id)
    const lines = await untilLine(root.logs, groupOf(id, 'general'), ') started')
    expect(lines.filter((line) => line.includes(') is starting'))).toHaveLength(1)
    expect(await groupsOf(root.logs, id)).toEqual(bothGroups(id))
    await drop(id)
  })

  test('no resource policy: groups but no stream; after the policy, streams and every line from the start, without a reboot', async () => {
    const { id } = await createBroker(root.mq, 'gate-no-policy')
    await untilRunning(root.mq, id)
    await settled()
    expect(await groupsOf(root.logs, id)).toEqual(bothGroups(id))
    for (const group of bothGroups(id)) expect(await streamsOf(root.logs, group)).toEqual([])
    await putLogPolicy(root.logs)
    const lines = await untilLine(root.logs, groupOf(id, 'general'), ') started', 10)
    expect(lines.some((line) => line.includes(') is starting'))).toBe(true)
    await eventually(
      'the audit stream',
      10,
      () => streamsOf(root.logs, groupOf(id, 'audit')),
      (streams) => streams.includes(stream(id)),
    )
    await drop(id)
  })

  test('SourceArn of one broker: its lines arrive, another broker gets none', async () => {
    const [mine, other] = await Promise.all([createBroker(root.mq, 'gate-mine'), createBroker(root.mq, 'gate-other')])
    await putLogPolicy(root.logs, { StringEquals: { 'aws:SourceArn': mine.arn } })
    await Promise.all([untilRunning(root.mq, mine.id), untilRunning(root.mq, other.id)])
    await untilLine(root.logs, groupOf(mine.id, 'general'), ') started')
    await settled()
    expect(await streamsOf(root.logs, groupOf(other.id, 'general'))).toEqual([])
    // The same two brokers for the rest of the table: conditions that speak of the whole account, right and wrong.
    await putLogPolicy(root.logs, {
      ArnLike: { 'aws:SourceArn': `arn:aws:mq:*:${ACCOUNT}:broker:*` },
      StringEquals: { 'aws:SourceAccount': ACCOUNT },
    })
    await untilLine(root.logs, groupOf(other.id, 'general'), ') started', 10)
    await Promise.all([drop(mine.id), drop(other.id)])
  })

  test('SourceAccount of another account, or a SourceArn whose account differs: groups, no stream', async () => {
    await putLogPolicy(root.logs, { StringEquals: { 'aws:SourceAccount': '111122223333' } })
    const { id, arn } = await createBroker(root.mq, 'gate-foreign')
    await untilRunning(root.mq, id)
    await settled()
    expect(await groupsOf(root.logs, id)).toEqual(bothGroups(id))
    expect(await streamsOf(root.logs, groupOf(id, 'general'))).toEqual([])
    await putLogPolicy(root.logs, {
      StringEquals: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn.replace(ACCOUNT, '111122223333') },
    })
    await settled()
    expect(await streamsOf(root.logs, groupOf(id, 'general'))).toEqual([])
    expect(await streamsOf(root.logs, groupOf(id, 'audit'))).toEqual([])
    await drop(id)
  })

  test('root is allowed, a user by its policy, a user without one is told in AWS words', async () => {
    expect((await root.mq.send(new ListBrokersCommand({}))).BrokerSummaries).toBeInstanceOf(Array)
    const reader = await userWith('reader', 'mq:ListBrokers')
    expect((await reader.mq.send(new ListBrokersCommand({}))).BrokerSummaries).toBeInstanceOf(Array)
    const nobody = await userWith('nobody')
    await expect(nobody.mq.send(new ListBrokersCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${ACCOUNT}:user/nobody is not authorized to perform: mq:ListBrokers on resource: * because no identity-based policy allows the mq:ListBrokers action`,
      $metadata: { httpStatusCode: 403 },
    })
    await expect(createBroker(nobody.mq, 'gate-nobody')).rejects.toThrow(
      'is not authorized to perform: mq:CreateBroker',
    )
    await expect(messagesOf(nobody.logs, '/aws/amazonmq/x')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    })
  })
})
