import { decide, parsePolicy } from '@sluice/policy'
import type { Decision } from '@sluice/policy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AccessDenied, AwsError } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Diagnosis } from '#services/mq/port.ts'
import { type Bench, type Life, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'
import { denial } from '#services/mq/testing/fake-logs.ts'

let bench: Bench
let life: Life

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }
const running = async (changes: Parameters<typeof create>[2] = both, principal?: Principal): Promise<string> => {
  const brokerId = await create(life, bench.contextOf(principal), changes)
  await bench.untilState(brokerId, 'RUNNING')
  await bench.until(brokerId, () => life.progress(brokerId) === undefined)
  bench.logs.streams.add(`activemq-${brokerId}-1.log`)
  return brokerId
}
const why = (broker: string, caller = true): Promise<Diagnosis> =>
  life.diagnose(broker, { account: ACCOUNT, region: REGION, ...(caller ? { caller: bench.contextOf() } : {}) })
const failing = ({ steps }: Diagnosis): readonly string[] => steps.filter(({ ok }) => !ok).map(({ title }) => title)
const allText = (diagnosis: Diagnosis): string =>
  diagnosis.steps.map(({ title, detail }) => `${title}\n${detail ?? ''}`).join('\n')

const reboot = (brokerId: string): string => `aws --region us-east-1 mq reboot-broker --broker-id ${brokerId}`
const MAY_CREATE =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"arn:aws:logs:*:*:log-group:/aws/amazonmq/*"}]}'

test('a broker whose logs arrive needs no fix; every link is named, in order', async () => {
  const brokerId = await running()
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { deliveredEvents: 12, lastDeliveredAt: Date.UTC(2026, 10, 21) })
  const diagnosis = await why('MyBroker')
  expect(diagnosis).toMatchObject({ brokerId, brokerName: 'MyBroker', state: 'RUNNING', fix: [] })
  expect(diagnosis.brokerArn).toBe(`arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`)
  const link = (log: string): readonly string[] => [
    `The ${log} log is on`,
    `The log group /aws/amazonmq/broker/${brokerId}/${log} was created`,
    `The stream activemq-${brokerId}-1.log exists`,
    'Its lines are being delivered',
  ]
  expect(diagnosis.steps.map(({ title }) => title)).toEqual([
    'The broker is RUNNING',
    ...link('general'),
    ...link('audit'),
  ])
  expect(failing(diagnosis)).toEqual([])
  expect(allText(diagnosis)).toContain(
    '12 events delivered since the platform started, last at 2026-11-21T00:00:00.000Z',
  )
  expect(allText(diagnosis)).toContain('CreateBroker by arn:aws:iam::111122223333:user/alice')
})

test('a diagnosis is plain data', async () => {
  bench.logs.denyAll()
  const diagnosis = await why(await running())
  expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
})

test('a broker is found by its id and by its name; another one is not there', async () => {
  const brokerId = await running()
  expect((await why(brokerId)).brokerId).toBe((await why('MyBroker')).brokerId)
  await expect(why('Nobody')).rejects.toMatchObject({ code: 'NotFoundException' })
  await expect(
    life.diagnose('MyBroker', { account: ACCOUNT, region: 'eu-west-1' as typeof REGION }),
  ).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('both logs off: switch them on and reboot', async () => {
  const brokerId = await running({})
  const diagnosis = await why(brokerId)
  expect(failing(diagnosis)).toEqual(['The general log is off', 'The audit log is off'])
  expect(diagnosis.fix).toEqual([
    `aws --region us-east-1 mq update-broker --broker-id ${brokerId} --logs Audit=true,General=true`,
    reboot(brokerId),
  ])
})

test('one log off by choice is told, but is no fault', async () => {
  const diagnosis = await why(await running({ Logs: { General: true } }))
  expect(diagnosis.steps.map(({ title }) => title)).toContain('The audit log is off')
  expect(failing(diagnosis)).toEqual([])
  expect(diagnosis.fix).toEqual([])
})

test('a log that was switched on waits for a reboot', async () => {
  const brokerId = await running({ Logs: { General: true } })
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, bench.contextOf())
  const diagnosis = await why(brokerId)
  expect(failing(diagnosis)).toEqual(['The audit log is switched on, but waits for a reboot'])
  expect(diagnosis.fix).toEqual([reboot(brokerId)])
})

test('a log that is about to be switched off is told', async () => {
  const brokerId = await running()
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: false } }, bench.contextOf())
  expect(allText(await why(brokerId))).toContain('The audit log is on\nIt is switched off with the next reboot.')
})

test('the caller lacked logs:CreateLogGroup: a policy for this user, then a reboot', async () => {
  bench.logs.denyAll()
  const brokerId = await running()
  const diagnosis = await why(brokerId)
  expect(failing(diagnosis)).toEqual([
    `The log group /aws/amazonmq/broker/${brokerId}/general was not created: the caller lacked logs:CreateLogGroup`,
    `The log group /aws/amazonmq/broker/${brokerId}/audit was not created: the caller lacked logs:CreateLogGroup`,
  ])
  expect(diagnosis.fix).toEqual([
    `aws iam put-user-policy --user-name alice --policy-name AmazonMQ-create-log-groups --policy-document '${MAY_CREATE}'`,
    reboot(brokerId),
  ])
  expect(allText(diagnosis)).toContain('alice may not perform logs:CreateLogGroup')
  expect(allText(diagnosis)).toContain('Lines are passed over until a reboot creates the group.')
})

test('a denied role gets a policy for the role', async () => {
  bench.logs.denyAll()
  const role: Principal = {
    kind: 'role',
    account: ACCOUNT,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/deployer`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/ci`,
    roleName: 'deployer',
    roleId: 'AROADEPLOYER',
    sessionName: 'ci',
    issuedAt: 0,
  }
  const { fix } = await why(await running(both, role))
  expect(fix[0]).toBe(
    `aws iam put-role-policy --role-name deployer --policy-name AmazonMQ-create-log-groups --policy-document '${MAY_CREATE}'`,
  )
})

test('a policy that denies is named, and taken away before one that allows is put', async () => {
  const position = { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } }
  const statement = {
    policyType: 'identity',
    policyName: "no 'logs'",
    index: 0,
    effect: 'Deny',
    position,
    metByMissingKey: [],
  } as const
  const decision = denial('alice', 'logs:CreateLogGroup', '*', {
    kind: 'explicit-deny',
    matched: [statement],
  })
  bench.logs.refuse = () => new AccessDenied('AccessDeniedException', 400, 'with an explicit deny', decision)
  const { fix } = await why(await running())
  expect(fix[0]).toBe(String.raw`aws iam delete-user-policy --user-name alice --policy-name 'no '\''logs'\'''`)
  expect(fix[1]).toMatch(/^aws iam put-user-policy /)
})

test('a group that could not be created for another reason says which', async () => {
  bench.logs.refuse = () => new AwsError('LimitExceededException', 400, 'Resource limit exceeded.')
  const brokerId = await running()
  const diagnosis = await why(brokerId)
  expect(failing(diagnosis)[0]).toContain('could not be created')
  expect(allText(diagnosis)).toContain('LimitExceededException: Resource limit exceeded.')
  expect(diagnosis.fix).toEqual([reboot(brokerId)])
})

test('a group that was deleted since is found out, and a reboot creates it again', async () => {
  const brokerId = await running()
  bench.logs.groups.delete(`/aws/amazonmq/broker/${brokerId}/audit`)
  const diagnosis = await why(brokerId)
  expect(failing(diagnosis)).toEqual([`The log group /aws/amazonmq/broker/${brokerId}/audit does not exist any more`])
  expect(diagnosis.fix).toEqual([reboot(brokerId)])
})

test('without a caller nothing is looked up, and a missing group shows in what the delivery says', async () => {
  const brokerId = await running()
  const calls = bench.logs.calls.length
  life.deliveries.pretend(`mq/${brokerId}/1/audit`, {
    state: 'waiting',
    reason: `The log group /aws/amazonmq/broker/${brokerId}/audit does not exist.`,
  })
  const diagnosis = await why(brokerId, false)
  expect(bench.logs.calls).toHaveLength(calls)
  expect(failing(diagnosis)).toEqual([expect.stringMatching(/^Delivery waits since /)])
  expect(diagnosis.fix).toEqual([reboot(brokerId)])
})

test('whoever asks needs the permission to look; without it that is said, and the rest is answered', async () => {
  const brokerId = await running()
  bench.logs.denyAll()
  const diagnosis = await why(brokerId)
  expect(allText(diagnosis)).toContain('could not be looked up\nUser is not authorized')
  expect(failing(diagnosis)).toEqual([])
})

test('groups and streams are looked up as whoever asks', async () => {
  const brokerId = await running()
  bench.logs.calls.length = 0
  await why(brokerId)
  expect(bench.logs.calls.map(({ operation }) => operation).toSorted()).toEqual([
    'DescribeLogGroups',
    'DescribeLogGroups',
    'DescribeLogStreams',
    'DescribeLogStreams',
  ])
  expect(bench.logs.calls.every(({ as }) => as.kind === 'caller' && as.via === 'mq.amazonaws.com')).toBe(true)
})

/** What the gate says about a delivery of this broker under a resource policy. */
function decisionUnder(brokerId: string, policies: Readonly<Record<string, object>>): Decision {
  return decide(
    {
      principal: { kind: 'service', service: 'mq.amazonaws.com', account: ACCOUNT },
      action: 'logs:CreateLogStream',
      resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/amazonmq/broker/${brokerId}/general:log-stream:activemq-${brokerId}-1.log`,
      resourceAccount: ACCOUNT,
      context: {
        'aws:SourceArn': `arn:aws:mq:us-east-1:${ACCOUNT}:broker:MyBroker:${brokerId}`,
        'aws:SourceAccount': ACCOUNT,
      },
    },
    {
      identity: [],
      resource: Object.entries(policies).map(([name, document]) => ({
        name,
        policy: parsePolicy(JSON.stringify(document), 'resource'),
      })),
    },
  )
}

const statement = (more: object): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'mq.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
      ...more,
    },
  ],
})

const PUT = `aws --region us-east-1 logs put-resource-policy --policy-name AmazonMQ-logs --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/amazonmq/*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:mq:*:111122223333:broker:*"},"StringEquals":{"aws:SourceAccount":"111122223333"}}}]}'`

async function refused(policies: Readonly<Record<string, object>>): Promise<Diagnosis> {
  const brokerId = await running({ Logs: { General: true } })
  const decision = decisionUnder(brokerId, policies)
  expect(decision.allowed).toBe(false)
  bench.logs.streams.clear()
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { state: 'waiting', reason: 'denied', decision, lagBytes: 1_234 })
  return why(brokerId)
}

test('no resource policy: no stream; put a policy, and no reboot is needed', async () => {
  const diagnosis = await refused({})
  expect(failing(diagnosis)).toEqual([
    `The stream activemq-${diagnosis.brokerId}-1.log does not exist`,
    'No resource policy of CloudWatch Logs in us-east-1 lets mq.amazonaws.com perform logs:CreateLogStream',
  ])
  expect(diagnosis.fix).toEqual([PUT])
  expect(allText(diagnosis)).toContain('1234 bytes written by the broker and not yet delivered')
  expect(allText(diagnosis)).toContain('without a reboot')
  // The guide: it is configured once an account and region.
  expect(allText(diagnosis)).toContain('One of another region or account does not count.')
})

test('the policy that is put as the fix lets the deliveries of this broker in', async () => {
  const { fix } = await refused({})
  const document = /--policy-document '(.*)'$/.exec(fix[0] ?? '')?.[1] ?? ''
  expect(decisionUnder('b-other', { 'AmazonMQ-logs': JSON.parse(document) as object }).allowed).toBe(true)
})

test.each([
  {
    rule: 'another account',
    condition: { StringEquals: { 'aws:SourceAccount': '999988887777' } },
    key: 'aws:SourceAccount',
    expected: '999988887777',
  },
  {
    rule: 'another broker',
    condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:mq:us-east-1:111122223333:broker:Other:b-1' } },
    key: 'aws:SourceArn',
    expected: 'broker:Other:b-1',
  },
  {
    rule: 'an account and a broker of another one',
    condition: {
      StringEquals: {
        'aws:SourceAccount': ACCOUNT,
        'aws:SourceArn': 'arn:aws:mq:us-east-1:999988887777:broker:MyBroker:b-1',
      },
    },
    key: 'aws:SourceArn',
    expected: '999988887777:broker:MyBroker:b-1',
  },
])('a policy for $rule: the policy, the condition and both values are named', async ({ condition, key, expected }) => {
  const diagnosis = await refused({ 'my-policy': statement({ Condition: condition }) })
  for (const text of ['my-policy', key, expected]) expect(allText(diagnosis)).toContain(text)
  expect(diagnosis.fix).toEqual([PUT])
})

test.each([
  {
    rule: 'other log groups',
    more: { Resource: 'arn:aws:logs:*:*:log-group:/aws/rabbitmq/*' },
    expected: '/aws/rabbitmq/*',
  },
  { rule: 'another service', more: { Principal: { Service: 'es.amazonaws.com' } }, expected: 'es.amazonaws.com' },
])('a policy for $rule is named, with what it is for', async ({ more, expected }) => {
  const diagnosis = await refused({ 'my-policy': statement(more) })
  for (const text of ['my-policy', expected]) expect(allText(diagnosis)).toContain(text)
  expect(diagnosis.fix).toEqual([PUT])
})

test('a policy for another action is named', async () => {
  const diagnosis = await refused({ 'half-a-policy': statement({ Action: 'logs:PutLogEvents' }) })
  expect(allText(diagnosis)).toContain('half-a-policy')
  expect(allText(diagnosis)).toContain('logs:CreateLogStream')
})

test('a resource policy that denies is taken away first', async () => {
  const diagnosis = await refused({ allow: statement({}), forbid: statement({ Effect: 'Deny' }) })
  expect(diagnosis.fix).toEqual(['aws --region us-east-1 logs delete-resource-policy --policy-name forbid', PUT])
})

test('a delivery that waits for another reason says it, with no command that would not help', async () => {
  const brokerId = await running({ Logs: { General: true } })
  life.deliveries.pretend(`mq/${brokerId}/1/general`, {
    state: 'waiting',
    reason: 'PutLogEvents failed: ThrottlingException: Rate exceeded',
  })
  const diagnosis = await why(brokerId)
  expect(allText(diagnosis)).toContain('Rate exceeded')
  expect(failing(diagnosis)).toHaveLength(1)
  expect(diagnosis.fix).toEqual([])
})

test('how far delivery is behind is told in bytes and in seconds', async () => {
  const brokerId = await running({ Logs: { General: true } })
  const oldestWaitingAt = bench.clock.now() - 90_000
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { lagBytes: 5_000, oldestWaitingAt })
  expect(allText(await why(brokerId))).toMatch(
    /5000 bytes written by the broker and not yet delivered; 9\d seconds behind/,
  )
  // A line that is from a clock ahead of ours is not behind.
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { lagBytes: 1, oldestWaitingAt: bench.clock.now() + 90_000 })
  expect(allText(await why(brokerId))).toContain('1 byte written by the broker and not yet delivered; 0 seconds behind')
})

test('a stream that works and is empty says when it has lines, and is no fault', async () => {
  const diagnosis = await why(await running())
  expect(failing(diagnosis)).toEqual([])
  expect(allText(diagnosis)).toContain('only when somebody manages the broker at its web console')
  expect(allText(diagnosis)).toContain('DEBUG cannot be had')
})

test('both instances of a pair are looked at, each with its stream', async () => {
  const brokerId = await running({ DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', Logs: { General: true } })
  expect(failing(await why(brokerId))).toEqual([`The stream activemq-${brokerId}-2.log does not exist`])
})

test('lines that were lost or refused are counted', async () => {
  const brokerId = await running({ Logs: { General: true } })
  life.deliveries.pretend(`mq/${brokerId}/1/general`, { lostBytes: 4_096, rejectedEvents: 1 })
  expect(failing(await why(brokerId))).toEqual([
    '4096 bytes of this log were given up',
    'CloudWatch Logs refused 1 event',
  ])
})

test('a log that nobody delivers is a fault', async () => {
  const brokerId = await running({ Logs: { General: true } })
  await life.deliveries.stop(`mq/${brokerId}/1/general`)
  expect(failing(await why(brokerId))).toEqual(['Nothing delivers this log at the moment'])
})

test('a broker that is being created tells how far it is', async () => {
  const gate = Promise.withResolvers<void>()
  const slow = bench.live({
    engine: (engine) => ({
      ...engine,
      ensureInstalled: (version, progress) => engine.ensureInstalled(version, progress).then(() => gate.promise),
    }),
  })
  await life.reconciler.close()
  await slow.reconciler.start()
  const brokerId = await create(slow, bench.contextOf(), both)
  await bench.until(brokerId, () => slow.progress(brokerId)?.doneBytes !== undefined)
  const diagnosis = await slow.diagnose(brokerId, { account: ACCOUNT, region: REGION })
  expect(diagnosis.steps[0]).toMatchObject({ ok: true, title: 'The broker is CREATION_IN_PROGRESS' })
  expect(diagnosis.steps[0]?.detail).toContain('downloading ActiveMQ 5.18.3 (50 %)')
  gate.resolve()
  await bench.untilState(brokerId, 'RUNNING')
})

test('a broker that could not be created tells why, and nothing about its logs', async () => {
  bench.world.troubles.starts.push(() => 'port 61617 is taken')
  const brokerId = await create(life, bench.contextOf(), both)
  await bench.untilState(brokerId, 'CREATION_FAILED')
  const diagnosis = await why(brokerId)
  expect(diagnosis.steps).toHaveLength(1)
  expect(allText(diagnosis)).toContain('port 61617 is taken')
  expect(diagnosis.fix).toEqual([`aws --region us-east-1 mq delete-broker --broker-id ${brokerId}`])
})

test('a critical broker tells why, and a reboot is what can be done', async () => {
  const brokerId = await running()
  bench.world.troubles.starts.push(...Array.from({ length: 500 }, () => () => 'the message store cannot be read'))
  bench.world.end(brokerId, { code: 1, signal: null, lastOutput: '' })
  await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  const diagnosis = await why(brokerId)
  expect(diagnosis.steps[0]).toMatchObject({ ok: false, title: 'The broker is CRITICAL_ACTION_REQUIRED' })
  expect(diagnosis.steps[0]?.detail).toContain('the message store cannot be read')
  expect(diagnosis.fix).toContain(reboot(brokerId))
})

test('a broker that refuses its configuration is mended by the one that it runs with', async () => {
  const brokerId = await running()
  const record = await bench.read(brokerId)
  const id = record?.applied?.configuration?.id ?? ''
  const Data = Buffer.from('<broker/>').toString('base64')
  await run(life, 'UpdateConfiguration', { ConfigurationId: id, Data }, bench.contextOf())
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Configuration: { Id: id } }, bench.contextOf())
  bench.world.troubles.starts.push(() => 'it does not start so')
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  const restore = `aws --region us-east-1 mq update-broker --broker-id ${brokerId} --configuration Id=${id},Revision=1`
  expect((await why(brokerId)).fix).toEqual([restore])
  await run(life, 'UpdateBroker', { BrokerId: brokerId, HostInstanceType: 'mq.t3.micro' }, bench.contextOf())
  expect((await why(brokerId)).fix).toEqual([restore, reboot(brokerId)])
})

test('while the broker reboots, pending logs need no further command', async () => {
  const brokerId = await running({})
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { Audit: true } }, bench.contextOf())
  await life.reconciler.close({ keepBrokers: true })
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  const diagnosis = await why(brokerId)
  expect(diagnosis.state).toBe('REBOOT_IN_PROGRESS')
  expect(diagnosis.fix).toEqual([])
})
