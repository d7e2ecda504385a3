import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import {
  ROOT_KEY,
  type GatewayBench,
  type GatewayBenchOptions,
  allow,
  callOf,
  codeOf,
  deny,
  messageIn,
  needs,
  openGatewayBench,
  policy,
  requestOf,
} from '../../../testkit/src/gateway-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})
function open(options: GatewayBenchOptions = {}): GatewayBench {
  const bench = openGatewayBench(options)
  benches.push(bench)
  return bench
}

/** A logs service that counts how often its handler ran. */
function counted(
  checks: 'none' | (() => readonly { readonly action: string; readonly resource: string }[]) = needs(
    'logs:CreateLogGroup',
  ).checks,
) {
  const seen: unknown[] = []
  const logs: GatewayBenchOptions['logs'] = {
    operations: {
      CreateLogGroup: (input) => {
        seen.push(input)
        return {}
      },
    },
    access: { CreateLogGroup: { category: 'management', readOnly: false, checks } },
  }
  return { logs, seen }
}

const answerOf = (reply: Reply): readonly unknown[] => [reply.status, codeOf(reply)]

test('a signed, allowed call is carried out, recorded and answered in its own protocol', async () => {
  const { logs, seen } = counted()
  const bench = open({ logs })
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g', tags: { a: 'b' } })
  expect(reply.status).toBe(200)
  expect(seen).toEqual([{ logGroupName: 'g', tags: { a: 'b' } }])
  expect(bench.records()).toEqual([
    expect.objectContaining({
      eventName: 'CreateLogGroup',
      eventSource: 'logs.amazonaws.com',
      requestParameters: { logGroupName: 'g', tags: { a: 'b' } },
      requestID: reply.headers['x-amzn-requestid'],
    }),
  ])
})

test('XML is answered in XML', async () => {
  const bench = open()
  const reply = await bench.send('sts', 'GetCallerIdentity')
  expect(reply.headers['content-type']).toBe('text/xml')
  expect(String(reply.body)).toContain('<Arn>arn:aws:iam::111122223333:root</Arn>')
})

test('every answer has a request id of its own', async () => {
  const bench = open()
  const replies = await Promise.all([1, 2, 3].map(() => bench.send('sts', 'GetCallerIdentity')))
  const ids = replies.map(({ headers }) => headers['x-amzn-requestid'])
  expect(new Set(ids).size).toBe(3)
  for (const id of ids) expect(id).toMatch(/^[\da-f-]{36}$/)
})

test('a request that asks for no known operation hears so, and nothing is recorded', async () => {
  const bench = open()
  expect(answerOf(await bench.gateway.handle(callOf('logs', 'MakeCoffee', {})))).toEqual([
    404,
    'UnknownOperationException',
  ])
  expect(answerOf(await bench.gateway.handle(callOf('iam', 'MakeCoffee', {})))).toEqual([400, 'InvalidAction'])
  expect(answerOf(await bench.rest('GET', '/v1/coffee'))).toEqual([404, 'UnknownOperationException'])
  expect((await bench.gateway.handle(requestOf({ rawUrl: '/' }))).status).toBe(403)
  expect(bench.records()).toEqual([])
})

test('without a signature nothing is parsed, run or recorded', async () => {
  const { logs, seen } = counted('none')
  const bench = open({ logs })
  const { head, body } = callOf('logs', 'CreateLogGroup', { logGroupName: 'g' })
  const { authorization: _unsigned, ...headers } = head.headers
  const reply = await bench.gateway.handle(requestOf({ ...head, headers }, body))
  expect(answerOf(reply)).toEqual([400, 'MissingAuthenticationTokenException'])
  expect([seen, bench.records()]).toEqual([[], []])
})

test('a wrong signature runs nothing and is not recorded: nobody knows who sent it', async () => {
  const { logs, seen } = counted('none')
  const bench = open({ logs })
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, { ...ROOT_KEY, secret: 'guessed' })
  expect(answerOf(reply)).toEqual([400, 'InvalidSignatureException'])
  expect([seen, bench.records()]).toEqual([[], []])
})

test('a body that was changed after signing is refused', async () => {
  const { logs, seen } = counted('none')
  const bench = open({ logs })
  const { head } = callOf('logs', 'CreateLogGroup', { logGroupName: 'g' })
  const reply = await bench.gateway.handle(requestOf(head, '{"logGroupName":"other"}'))
  expect(answerOf(reply)).toEqual([400, 'InvalidSignatureException'])
  expect(seen).toEqual([])
})

test('an input that cannot be read is refused and recorded without parameters', async () => {
  const { logs, seen } = counted('none')
  const bench = open({ logs })
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 7 })
  expect(answerOf(reply)).toEqual([400, 'SerializationException'])
  expect(seen).toEqual([])
  expect(bench.records()).toEqual([
    expect.objectContaining({
      eventName: 'CreateLogGroup',
      errorCode: 'SerializationException',
      requestParameters: null,
      responseElements: null,
    }),
  ])
})

test("a member that breaks a constraint is refused in AWS's words and recorded", async () => {
  const { logs } = counted('none')
  const bench = open({ logs })
  const reply = await bench.send('logs', 'CreateLogGroup', {})
  expect(answerOf(reply)).toEqual([400, 'InvalidParameterException'])
  expect(messageIn(reply)).toContain('logGroupName')
  expect(bench.records()[0]).toMatchObject({ errorCode: 'InvalidParameterException' })
})

test('a refused input keeps its secret to itself, in the answer, the record and the log', async () => {
  const bench = open({
    mq: {
      operations: { CreateUser: () => ({}) },
      access: { CreateUser: { category: 'management', readOnly: false, checks: 'none' } },
      secrets: { CreateUser: ['password'] },
    },
  })
  const secret = 'hunter2-hunter2'
  const reply = await bench.rest('POST', '/v1/brokers/b-1/users/bob', { password: [secret], consoleAccess: 'perhaps' })
  expect(reply.status).toBe(400)
  expect(`${String(reply.body)}${JSON.stringify(bench.records())}${JSON.stringify(bench.errors)}`).not.toContain(secret)
  expect(bench.records()).toHaveLength(1)
})

test('an operation that is not built is a recorded 501 without parameters to whoever could call it', async () => {
  const bench = open()
  const { key } = await bench.user('somebody', policy(allow('logs:CreateLogGroup')))
  for (const signing of [ROOT_KEY, key]) {
    const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'secret-name' }, signing)
    expect(answerOf(reply)).toEqual([501, 'NotImplemented'])
    expect(messageIn(reply)).toBe(
      'CreateLogGroup of logs is not built in this version of Sluice; docs/coverage.md lists what is.',
    )
  }
  expect(bench.records()).toHaveLength(2)
  for (const record of bench.records())
    expect(record).toMatchObject({ errorCode: 'NotImplemented', requestParameters: null })
  expect(JSON.stringify(bench.records())).not.toContain('secret-name')
})

test('who could not call an operation does not learn that it is not built', async () => {
  const bench = open()
  const { key } = await bench.user('nobody')
  const reply = await bench.send('logs', 'StartQuery', { queryString: 'q', startTime: 0, endTime: 1 }, key)
  expect(answerOf(reply)).toEqual([400, 'AccessDeniedException'])
  expect(bench.records()).toMatchObject([{ errorCode: 'AccessDeniedException', requestParameters: null }])
})

test("a caller without permission is told so in AWS's words; nothing runs, and the denial is recorded", async () => {
  const { logs, seen } = counted()
  const bench = open({ logs })
  const { key } = await bench.user('bob')
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key)
  expect(answerOf(reply)).toEqual([400, 'AccessDeniedException'])
  const message =
    'User: arn:aws:iam::111122223333:user/bob is not authorized to perform: logs:CreateLogGroup on resource: * ' +
    'because no identity-based policy allows the logs:CreateLogGroup action'
  expect(messageIn(reply)).toBe(message)
  expect(seen).toEqual([])
  expect(bench.records()).toEqual([
    expect.objectContaining({
      errorCode: 'AccessDeniedException',
      errorMessage: message,
      requestParameters: { logGroupName: 'g' },
      responseElements: null,
    }),
  ])
})

test('permission holds from the next request on, and so does its end', async () => {
  const { logs, seen } = counted()
  const bench = open({ logs })
  const { key } = await bench.user('bob', policy(allow('logs:CreateLogGroup')))
  const create = (): Promise<Reply> => bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key)
  expect((await create()).status).toBe(200)
  await bench.iam.call('DeleteUserPolicy', { UserName: 'bob', PolicyName: 'inline' })
  expect(answerOf(await create())).toEqual([400, 'AccessDeniedException'])
  expect(seen).toHaveLength(1)
})

test('a Deny wins over an Allow', async () => {
  const { logs, seen } = counted()
  const bench = open({ logs })
  const { key } = await bench.user('bob', policy(allow('logs:*'), deny('logs:CreateLogGroup')))
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key)
  expect(messageIn(reply)).toContain('with an explicit deny in an identity-based policy')
  expect(seen).toEqual([])
})

test('an operation that needs no permission is open to everyone who can sign', async () => {
  const bench = open()
  const { key } = await bench.user('bob', policy(deny('*')))
  expect((await bench.send('sts', 'GetCallerIdentity', {}, key)).status).toBe(200)
})

test('an empty list of checks is a mistake of ours and lets nobody in, not even root', async () => {
  const { logs, seen } = counted(() => [])
  const bench = open({ logs })
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  expect(answerOf(reply)).toEqual([500, 'InternalFailure'])
  expect(seen).toEqual([])
})

test('a check that cannot be worked out lets nobody in', async () => {
  const { logs, seen } = counted(() => {
    throw new Error('records are away')
  })
  const bench = open({ logs })
  expect(answerOf(await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }))).toEqual([500, 'InternalFailure'])
  expect(seen).toEqual([])
})

test('policies that cannot be read let nobody in', async () => {
  const { logs, seen } = counted()
  const bench = open({
    logs,
    identity: (real) => ({ ...real, profile: () => Promise.reject(new Error('records are away')) }),
  })
  expect(answerOf(await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }))).toEqual([500, 'InternalFailure'])
  expect(seen).toEqual([])
})

const failing = (error: unknown): GatewayBenchOptions => ({
  logs: {
    operations: {
      CreateLogGroup: async () => {
        throw error
      },
    },
    access: { CreateLogGroup: needs('logs:CreateLogGroup') },
  },
})

test('an error of the service is answered and recorded as it is', async () => {
  const bench = open(
    failing(new AwsError('ResourceAlreadyExistsException', 400, 'The specified log group already exists')),
  )
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  expect([answerOf(reply), messageIn(reply)]).toEqual([
    [400, 'ResourceAlreadyExistsException'],
    'The specified log group already exists',
  ])
  expect(bench.records()[0]).toMatchObject({ errorCode: 'ResourceAlreadyExistsException', responseElements: null })
  expect(bench.errors).toEqual([])
})

const INTERNAL = 'SELECT * FROM /var/lib/sluice/records.db'
test.each([
  { name: 'an Error', error: new Error(INTERNAL) },
  { name: 'a text', error: INTERNAL },
  {
    name: 'an Error of a library, with a code and a status of its own',
    error: Object.assign(new Error(INTERNAL), { code: 'ERR_BAD', status: 418 }),
  },
])('$name that is thrown inside is a 500 that names the request and tells nothing else', async ({ error }) => {
  const bench = open(failing(error))
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  const requestId = reply.headers['x-amzn-requestid'] ?? ''
  expect(answerOf(reply)).toEqual([500, 'InternalFailure'])
  expect(messageIn(reply)).toBe(`An internal error occurred. The platform's log tells more under request ${requestId}.`)
  expect(JSON.stringify([reply, bench.records()])).not.toContain('SELECT')
  expect(bench.records()[0]).toMatchObject({ errorCode: 'InternalFailure' })
  expect(bench.errors).toEqual([
    expect.objectContaining({ event: 'internal_error', requestId, operation: 'CreateLogGroup', message: INTERNAL }),
  ])
})

test('data calls are not recorded: done, denied or unreadable', async () => {
  const bench = open({
    logs: {
      operations: { GetLogEvents: () => ({ events: [] }) },
      access: { GetLogEvents: needs('logs:GetLogEvents', { category: 'data', readOnly: true }) },
    },
  })
  const { key } = await bench.user('bob')
  const input = { logGroupName: 'g', logStreamName: 's' }
  expect((await bench.send('logs', 'GetLogEvents', input)).status).toBe(200)
  expect((await bench.send('logs', 'GetLogEvents', input, key)).status).toBe(400)
  expect((await bench.send('logs', 'GetLogEvents', { logGroupName: 7 })).status).toBe(400)
  expect(bench.records()).toEqual([])
})

test('a change whose record cannot be written is answered 503, not as a success', async () => {
  const { logs } = counted()
  const bench = open({ logs, journal: (real) => ({ ...real, append: () => Promise.reject(new Error('disk full')) }) })
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  expect(answerOf(reply)).toEqual([503, 'ServiceUnavailable'])
  expect(messageIn(reply)).toBe(
    'The call was carried out, but its audit record could not be written; see the platform log.',
  )
  expect(bench.errors).toEqual([expect.objectContaining({ event: 'audit_record_failed', message: 'disk full' })])
  expect(bench.counters()).toContain('audit_records_failed_total{} 1')
})

test('a denial whose record cannot be written does not claim that something was done', async () => {
  const { logs } = counted()
  const bench = open({ logs, journal: (real) => ({ ...real, append: () => Promise.reject(new Error('disk full')) }) })
  const { key } = await bench.user('bob')
  expect(messageIn(await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key))).toBe(
    'The call ended with AccessDeniedException, but its audit record could not be written; see the platform log.',
  )
})

test('requests are counted by service, operation and status', async () => {
  const { logs } = counted()
  const bench = open({ logs })
  await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })
  await bench.send('logs', 'CreateLogGroup', {})
  expect(bench.counters()).toEqual([
    'requests_total{service=logs,operation=CreateLogGroup,status=200} 2',
    'requests_total{service=logs,operation=CreateLogGroup,status=400} 1',
  ])
})

test("a handler sees who calls, from where and when, on the platform's clock", async () => {
  const seen: unknown[] = []
  const bench = open({
    logs: {
      operations: {
        CreateLogGroup: (_input, { account, region, principal, calledVia, now, source }) => {
          seen.push({ account, region, kind: principal.kind, calledVia, now, source })
          return {}
        },
      },
      access: { CreateLogGroup: needs('logs:CreateLogGroup') },
    },
  })
  bench.iam.clock.at += 1_000_000_000
  await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, { ...ROOT_KEY, region: 'eu-central-1' })
  expect(seen).toEqual([
    {
      account: '111122223333',
      region: 'eu-central-1',
      kind: 'root',
      calledVia: [],
      now: bench.iam.clock.at,
      source: {
        ip: '127.0.0.1',
        userAgent: 'test',
        signature: { version: 4, place: 'header', madeAt: expect.any(Number) as unknown },
      },
    },
  ])
})

test('a handler that answers nothing answers an empty structure', async () => {
  const bench = open({
    logs: {
      operations: { CreateLogGroup: () => undefined as never },
      access: { CreateLogGroup: needs('logs:CreateLogGroup') },
    },
  })
  expect((await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' })).status).toBe(200)
})

test('an answer that does not fit its model is a 500 and not a broken answer', async () => {
  const bench = open({
    logs: {
      operations: { GetLogEvents: () => ({ events: 'none' }) as never },
      access: { GetLogEvents: needs('logs:GetLogEvents', { category: 'data' }) },
    },
  })
  const reply = await bench.send('logs', 'GetLogEvents', { logGroupName: 'g', logStreamName: 's' })
  expect(answerOf(reply)).toEqual([500, 'InternalFailure'])
})
