import { afterEach, beforeEach, expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: '/aws/amazonmq/broker/b-1/general' })
})
afterEach(() => bench.close())

const groupArn = () => `arn:aws:logs:${bench.region}:${bench.account}:log-group:/aws/amazonmq/broker/b-1/general`
const document = (sid = 'mq') =>
  `{ "Statement": [ { "Sid": "${sid}", "Effect": "Allow", "Principal": { "Service": ["mq.amazonaws.com"] }, ` +
  '"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:log-group:/aws/amazonmq/*" } ] }'
const put = (policyName: string, policyDocument = document()) =>
  bench.call('PutResourcePolicy', { policyName, policyDocument })
const names = async () =>
  ((await bench.call('DescribeResourcePolicies', {})).resourcePolicies ?? []).map(({ policyName }) => policyName)

test('a put policy is echoed as it was sent and described in its normalised form', async () => {
  expect(await put('AmazonMQ-logs')).toEqual({
    resourcePolicy: {
      policyName: 'AmazonMQ-logs',
      policyDocument: document(),
      lastUpdatedTime: bench.clock.now(),
      policyScope: 'ACCOUNT',
    },
  })
  expect((await bench.call('DescribeResourcePolicies', {})).resourcePolicies).toEqual([
    {
      policyName: 'AmazonMQ-logs',
      policyDocument:
        '{"Version":"2008-10-17","Statement":[{"Sid":"mq","Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},' +
        '"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/amazonmq/*"}]}',
      lastUpdatedTime: bench.clock.now(),
      policyScope: 'ACCOUNT',
    },
  ])
})

test('putting the same name replaces the policy', async () => {
  await put('p')
  bench.clock.advance(1_000)
  await put('p', document('other'))
  const { resourcePolicies = [] } = await bench.call('DescribeResourcePolicies', {})
  expect(resourcePolicies).toHaveLength(1)
  expect(resourcePolicies[0]).toMatchObject({
    lastUpdatedTime: bench.clock.now(),
    policyDocument: expect.stringContaining('other'),
  })
})

test('an account has at most ten policies in a region, however many are put at once', async () => {
  const results = await Promise.allSettled(Array.from({ length: 14 }, (_, i) => put(`p${String(i)}`)))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(await names()).toHaveLength(14 - refused.length)
  for (const name of ['q0', 'q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8', 'q9']) await put(name).catch(() => {})
  expect(await names()).toHaveLength(10)
  await expect(put('eleventh')).rejects.toMatchObject({
    code: 'LimitExceededException',
    status: 400,
    message: 'Resource limit exceeded.',
  })
  const [first = ''] = await names()
  await put(first, document('changed'))
  await bench.call(
    'PutResourcePolicy',
    { policyName: 'p', policyDocument: document() },
    { region: region('us-east-1') },
  )
})

test.each([
  { name: 'no JSON', text: 'x' },
  { name: 'no statement', text: '{}' },
  { name: 'no principal', text: '{"Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}' },
])('a document with $name is refused and stores nothing', async ({ text }) => {
  await expect(put('p', text)).rejects.toMatchObject({
    code: 'InvalidParameterException',
    status: 400,
    message: expect.stringMatching(/^Could not convert to persistable policy\. Reason: ./),
  })
  expect(await names()).toEqual([])
})

test('a document has at most 51,200 bytes', async () => {
  const fill = (bytes: number) => document('x'.repeat(bytes - Buffer.byteLength(document(''))))
  await put('p', fill(51_200))
  await expect(put('q', fill(51_201))).rejects.toThrow(
    'Policy document length breaking Cloudwatch Logs Constraints, either < 1 or > 51200',
  )
  await expect(put('q', '')).rejects.toThrow(/either < 1 or > 51200/)
})

test('name and document are both needed', async () => {
  await expect(bench.call('PutResourcePolicy', { policyDocument: document() })).rejects.toThrow(
    "1 validation error detected: Value null at 'policyName' failed to satisfy constraint: Member must not be null",
  )
  await expect(bench.call('PutResourcePolicy', { policyName: 'p' })).rejects.toThrow(/'policyDocument'/)
  await expect(
    bench.call('PutResourcePolicy', { policyName: 'p', policyDocument: document(), expectedRevisionId: 'r' }),
  ).rejects.toThrow(/together with resourceArn/)
})

test('a group has one policy, changed only by who knows its revision', async () => {
  const input = { policyName: 'p', policyDocument: document(), resourceArn: groupArn() }
  const first = await bench.call('PutResourcePolicy', input)
  expect(first).toMatchObject({
    revisionId: expect.any(String),
    resourcePolicy: { policyScope: 'RESOURCE', resourceArn: groupArn(), revisionId: first.revisionId },
  })
  const conflict = { code: 'OperationAbortedException', message: expect.stringMatching(/try again/) }
  await expect(bench.call('PutResourcePolicy', input)).rejects.toMatchObject(conflict)
  await expect(bench.call('PutResourcePolicy', { ...input, expectedRevisionId: 'x' })).rejects.toMatchObject(conflict)
  const expectedRevisionId = first.revisionId
  const second = await bench.call('PutResourcePolicy', { ...input, policyName: 'q', expectedRevisionId })
  expect(second.revisionId).not.toBe(first.revisionId)
  expect(await names()).toEqual([])
  const described = await bench.call('DescribeResourcePolicies', { policyScope: 'RESOURCE' })
  expect(described.resourcePolicies).toMatchObject([
    { policyName: 'q', policyScope: 'RESOURCE', resourceArn: groupArn(), revisionId: second.revisionId },
  ])
})

test('a group policy goes with its group and needs one', async () => {
  const input = { policyName: 'p', policyDocument: document(), resourceArn: groupArn() }
  await bench.call('PutResourcePolicy', input)
  await bench.call('DeleteLogGroup', { logGroupName: '/aws/amazonmq/broker/b-1/general' })
  expect((await bench.call('DescribeResourcePolicies', { policyScope: 'RESOURCE' })).resourcePolicies).toEqual([])
  await expect(bench.call('PutResourcePolicy', input)).rejects.toThrow('The specified log group does not exist.')
})
