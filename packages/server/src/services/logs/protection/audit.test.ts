import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GatewayBench, openGatewayBench } from '../../../../../testkit/src/gateway-bench.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

/** The real chain in front of the real service, so that findings pass the gate like everything else. */
let logs: LogsBench
let gate: GatewayBench
beforeEach(async () => {
  logs = openLogsBench()
  gate = openGatewayBench({ logs: logs.service })
  await send('CreateLogGroup', { logGroupName: 'app/g' })
  await send('CreateLogStream', { logGroupName: 'app/g', logStreamName: 's' })
  await send('CreateLogGroup', { logGroupName: 'findings' })
})
afterEach(async () => {
  await gate.close()
  await logs.close()
})

async function send(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await gate.send('logs', operation, input, { accessKeyId: '111122223333', secret: 'test' })
  const text = Buffer.from(body as Uint8Array).toString()
  if (status !== 200) throw new Error(text)
  return JSON.parse(text === '' ? '{}' : text) as Readonly<Record<string, unknown>>
}

const document = (findings: object = { CloudWatchLogs: { LogGroup: 'findings' } }) =>
  JSON.stringify({
    Name: 'p',
    Version: '2021-06-01',
    Statement: [{ Audit: { FindingsDestination: findings } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation,
    })),
  })
const protect = (policyDocument = document()) =>
  send('PutDataProtectionPolicy', { logGroupIdentifier: 'app/g', policyDocument })
const put = (...messages: readonly string[]) =>
  send('PutLogEvents', {
    logGroupName: 'app/g',
    logStreamName: 's',
    logEvents: messages.map((message) => ({ timestamp: gate.iam.clock.now(), message })),
  })
const found = async () => {
  const { events } = await send('FilterLogEvents', { logGroupName: 'findings' })
  return (events as readonly { readonly logStreamName: string; readonly message: string }[]).map(
    ({ logStreamName, message }) => [logStreamName, JSON.parse(message) as object],
  )
}

test('every stored event with sensitive data gives a finding', async () => {
  await put('before a@b.de')
  await protect()
  await put('mail a@b.de', 'nothing', 'c@d.de')
  await put('more e@f.de')
  const finding = (start: number) => [
    'app/g',
    expect.objectContaining({
      resourceArn: expect.stringMatching(/:log-group:app\/g:\*$/),
      dataIdentifiers: [{ name: 'EmailAddress', count: 1, detections: [{ start, end: start + 6 }] }],
    }),
  ]
  expect(await found()).toEqual([finding(5), finding(0), finding(5)])
})

test('putting the policy opens the group of findings to the delivery, once, and keeps what its policy says', async () => {
  const arn = 'arn:aws:logs:us-east-1:111122223333:log-group:findings'
  const own = `{"Version":"2012-10-17","Statement":{"Sid":"own","Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"${arn}:*"}}`
  await send('PutResourcePolicy', { policyName: 'own', policyDocument: own, resourceArn: arn })
  await protect()
  await protect()
  const { resourcePolicies } = await send('DescribeResourcePolicies', { resourceArn: arn, policyScope: 'RESOURCE' })
  const [policy] = resourcePolicies as readonly { readonly policyName: string; readonly policyDocument: string }[]
  expect(policy?.policyName).toBe('own')
  expect(JSON.parse(policy?.policyDocument ?? '')).toMatchObject({
    Statement: [
      { Sid: 'own' },
      {
        Sid: 'AWSLogDeliveryWrite20150319',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Resource: `${arn}:log-stream:*`,
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ],
  })
})

test('without permission nothing is written, and the events are stored all the same', async () => {
  await protect()
  const arn = 'arn:aws:logs:us-east-1:111122223333:log-group:findings'
  const { resourcePolicies } = await send('DescribeResourcePolicies', { resourceArn: arn })
  const [policy] = resourcePolicies as readonly { readonly revisionId: string }[]
  await send('DeleteResourcePolicy', { resourceArn: arn, expectedRevisionId: policy?.revisionId })
  await put('mail a@b.de')
  expect(await found()).toEqual([])
  const { events } = await send('FilterLogEvents', { logGroupName: 'app/g', unmask: true })
  expect(events).toHaveLength(1)
})

test('the group of findings must be there; a policy of the account reports as well', async () => {
  await expect(protect(document({ CloudWatchLogs: { LogGroup: 'none' } }))).rejects.toThrow(
    /The specified log group does not exist/,
  )
  await put('a@b.de')
  await send('PutAccountPolicy', {
    policyName: 'all',
    policyType: 'DATA_PROTECTION_POLICY',
    policyDocument: document(),
  })
  await put('c@d.de')
  expect(await found()).toHaveLength(1)
  await send('DeleteAccountPolicy', { policyName: 'all', policyType: 'DATA_PROTECTION_POLICY' })
  await put('e@f.de')
  expect(await found()).toHaveLength(1)
})
