import { connect } from 'node:net'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { describe, expect, test } from 'vitest'
import { signRequest } from '@sluice/wire'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const platform = filePlatform()
const aws = platform.clients()

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

interface Signing {
  readonly accessKeyId?: string
  readonly secret?: string
  readonly now?: Date
}

async function send(
  service: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
  signing: Signing = {},
): Promise<Answer> {
  const url = new URL(path, platform.url).href
  const signed = signRequest({
    method,
    url,
    headers,
    body,
    service,
    region: 'us-east-1',
    accessKeyId: 'test',
    secret: 'test',
    ...signing,
  })
  const response = await fetch(url, { method, headers: signed, ...(method === 'GET' ? {} : { body }) })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const logs = (operation: string, body: string, signing?: Signing): Promise<Answer> =>
  send(
    'logs',
    'POST',
    '/',
    { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` },
    body,
    signing,
  )
const mq = (method: string, path: string, body = '', signing?: Signing): Promise<Answer> =>
  send('mq', method, path, { 'content-type': 'application/json' }, body, signing)
const sts = (body: string, signing?: Signing): Promise<Answer> =>
  send('sts', 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, body, signing)

const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15'

describe('signatures', () => {
  const skewed = { now: new Date(Date.now() - 20 * 60 * 1_000) }

  test.each([
    {
      name: 'logs, unknown key',
      send: () => logs('DescribeLogGroups', '{}', { accessKeyId: 'AKIANOBODY' }),
      status: 400,
      code: 'UnrecognizedClientException',
    },
    {
      name: 'logs, wrong secret',
      send: () => logs('DescribeLogGroups', '{}', { secret: 'wrong' }),
      status: 400,
      code: 'InvalidSignatureException',
    },
    {
      name: 'logs, clock skew',
      send: () => logs('DescribeLogGroups', '{}', skewed),
      status: 400,
      code: 'InvalidSignatureException',
    },
    {
      name: 'mq, unknown key',
      send: () => mq('GET', '/v1/brokers', '', { accessKeyId: 'AKIANOBODY' }),
      status: 403,
      code: 'UnrecognizedClientException',
    },
    {
      name: 'mq, wrong secret',
      send: () => mq('GET', '/v1/brokers', '', { secret: 'wrong' }),
      status: 403,
      code: 'InvalidSignatureException',
    },
    {
      name: 'sts, unknown key',
      send: () => sts(IDENTITY, { accessKeyId: 'AKIANOBODY' }),
      status: 403,
      code: 'InvalidClientTokenId',
    },
    {
      name: 'sts, wrong secret',
      send: () => sts(IDENTITY, { secret: 'wrong' }),
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    { name: 'sts, clock skew', send: () => sts(IDENTITY, skewed), status: 403, code: 'SignatureDoesNotMatch' },
  ])('$name: $code', async ({ send: ask, status, code }) => {
    const answer = await ask()
    expect([answer.status, `${answer.text} ${answer.headers.get('x-amzn-errortype') ?? ''}`]).toEqual([
      status,
      expect.stringContaining(code),
    ])
  })

  test('a body that was changed after signing is refused', async () => {
    const url = new URL('/', platform.url).href
    const headers = signRequest({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.CreateLogGroup' },
      body: '{"logGroupName":"a"}',
      service: 'logs',
      region: 'us-east-1',
      accessKeyId: 'test',
      secret: 'test',
    })
    const response = await fetch(url, { method: 'POST', headers, body: '{"logGroupName":"b"}' })
    expect([response.status, ((await response.json()) as { __type: string }).__type]).toEqual([
      400,
      'InvalidSignatureException',
    ])
  })

  test('an unsigned call is told so', async () => {
    const response = await fetch(platform.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
      body: '{}',
    })
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('MissingAuthenticationToken'),
    ])
  })

  test('a twelve-digit key id is the root of that account', async () => {
    const { sts: other } = clients(platform.url, { accessKeyId: '111122223333', secret: 'test' })
    expect((await other.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111122223333:root')
  })
})

describe('bodies', () => {
  test.each([
    {
      name: 'broken JSON',
      send: () => logs('CreateLogGroup', '{"logGroupName":'),
      status: 400,
      says: 'SerializationException',
    },
    {
      name: 'a number where a text belongs',
      send: () => logs('CreateLogGroup', '{"logGroupName":7}'),
      status: 400,
      says: 'SerializationException',
    },
    { name: 'a missing member', send: () => logs('CreateLogGroup', '{}'), status: 400, says: 'logGroupName' },
    {
      name: 'a name with a forbidden character',
      send: () => logs('CreateLogGroup', '{"logGroupName":"a b"}'),
      status: 400,
      says: 'InvalidParameterException',
    },
    {
      name: 'an unknown retention',
      send: () => logs('PutRetentionPolicy', '{"logGroupName":"a","retentionInDays":2}'),
      status: 400,
      says: 'InvalidParameterException',
    },
    {
      name: 'an operation nobody has',
      send: () => logs('MakeCoffee', '{}'),
      status: 404,
      says: 'UnknownOperationException',
    },
    {
      name: 'an operation that is not built',
      send: () => logs('StartQuery', '{"startTime":0,"endTime":1,"queryString":"fields @message"}'),
      status: 501,
      says: 'NotImplemented',
    },
    {
      name: 'a malformed policy',
      send: () => logs('PutResourcePolicy', '{"policyName":"p","policyDocument":"{"}'),
      status: 400,
      says: 'InvalidParameterException',
    },
    {
      name: 'a malformed page token',
      send: () => logs('DescribeLogGroups', '{"nextToken":"zzz"}'),
      status: 400,
      says: 'The specified nextToken is invalid.',
    },
    { name: 'MQ: broken JSON', send: () => mq('POST', '/v1/brokers', '{'), status: 400, says: 'message' },
    {
      name: 'MQ: a short password',
      send: () => mq('POST', '/v1/brokers', broker({ users: [{ username: 'operator', password: 'short' }] })),
      status: 400,
      says: 'password',
    },
    {
      name: 'MQ: a bad broker name',
      send: () => mq('POST', '/v1/brokers', broker({ brokerName: 'no blanks' })),
      status: 400,
      says: 'brokerName',
    },
    {
      name: 'MQ: an engine version nobody offers',
      send: () => mq('POST', '/v1/brokers', broker({ engineVersion: '5.99' })),
      status: 400,
      says: 'Valid values: [5.18',
    },
    {
      name: 'MQ: a broker that is not there',
      send: () => mq('GET', '/v1/brokers/b-none'),
      status: 404,
      says: "Can't find requested broker [b-none]",
    },
    {
      name: 'STS: an action nobody has',
      send: () => sts('Action=MakeCoffee&Version=2011-06-15'),
      status: 400,
      says: 'InvalidAction',
    },
  ])('$name', async ({ send: ask, status, says }) => {
    const answer = await ask()
    expect([answer.status, `${answer.headers.get('x-amzn-errortype') ?? ''} ${answer.text}`]).toEqual([
      status,
      expect.stringContaining(says),
    ])
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[\da-f-]{36}$/)
  })

  test('nothing of all that was made', async () => {
    expect(JSON.parse((await logs('DescribeLogGroups', '{}')).text)).toEqual({ logGroups: [] })
    expect(JSON.parse((await mq('GET', '/v1/brokers')).text)).toEqual({ brokerSummaries: [] })
    expect(JSON.parse((await logs('DescribeResourcePolicies', '{}')).text)).toEqual({ resourcePolicies: [] })
  })

  test('refused calls are on record, with the error and without the password', async () => {
    await mq(
      'POST',
      '/v1/brokers',
      broker({ engineVersion: '5.98', users: [{ username: 'operator', password: 'hunter2-hunter2' }] }),
    )
    const { Events = [] } = await aws.cloudtrail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateBroker' }] }),
    )
    const record = JSON.parse(Events[0]?.CloudTrailEvent ?? '{}') as Record<string, unknown>
    expect(record).toMatchObject({
      eventSource: 'amazonmq.amazonaws.com',
      errorCode: 'BadRequestException',
      responseElements: null,
      requestParameters: { engineVersion: '5.98', users: [{ username: 'operator', password: '***' }] },
    })
    expect(JSON.stringify(Events)).not.toContain('hunter2')
  })

  test('a body over the limit is cut off, and the platform goes on', async () => {
    const answer = await logs('CreateLogGroup', 'x'.repeat(9 * 1024 * 1024)).catch((error: unknown) => error)
    if (!(answer instanceof Error)) expect((answer as Answer).status).toBe(413)
    expect((await logs('DescribeLogGroups', '{}')).status).toBe(200)
  })
})

describe('the platform itself', () => {
  const broken = (host: string): Promise<string> =>
    new Promise((resolve) => {
      const { port } = new URL(platform.url)
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(`GET /_sluice/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      )
      let text = ''
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      socket.on('close', () => resolve(text))
    })

  test('a foreign host name is refused unless the request is signed', async () => {
    expect(await broken('evil.example')).toContain('403')
    expect(await broken('localhost')).toContain('200 OK')
  })

  test('testing calls are not there unless they were asked for', async () => {
    expect(
      (
        await fetch(new URL('/_sluice/clock', platform.url), {
          method: 'POST',
          headers: { 'x-sluice-testing': '1' },
          body: '{"advanceMillis":1}',
        })
      ).status,
    ).toBe(404)
  })

  test('health, probes and metrics answer', async () => {
    expect(await (await fetch(new URL('/_localstack/health', platform.url))).json()).toMatchObject({
      status: 'running',
      services: { mq: 'available' },
    })
    expect((await fetch(new URL('/readyz', platform.url))).status).toBe(200)
    expect(await (await fetch(new URL('/metrics', platform.url))).text()).toContain('sluice_requests_total')
  })
})

const broker = (changes: object): string =>
  JSON.stringify({
    brokerName: 'bad',
    deploymentMode: 'SINGLE_INSTANCE',
    engineType: 'ACTIVEMQ',
    engineVersion: '5.18',
    hostInstanceType: 'mq.t3.micro',
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    users: [{ username: 'operator', password: 'correct-horse-9' }],
    ...changes,
  })
