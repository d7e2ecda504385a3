import { afterEach, expect, test } from 'vitest'
import type { CallAs, CallContext, Checkpoint } from '#kernel/call.ts'
import { AccessDenied, AwsError } from '#kernel/errors.ts'
import { region } from '#kernel/ids.ts'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  allow,
  needs,
  openGatewayBench,
  policy,
} from '../../../testkit/src/gateway-bench.ts'
import { roleKey } from '#services/iam/records.ts'
import { ACCOUNT, roleSession } from '#services/iam/test-bench.ts'
import { parsePolicy } from '@sluice/policy'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

const BROKER_ARN = 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1'
const ROLE_ARN = 'arn:aws:iam::111122223333:role/ops/deployer'

/** Amazon MQ whose RebootBroker calls Logs in the way the test says; Logs keeps the contexts of its calls. */
function open(
  as: (ctx: CallContext) => CallAs = asCaller,
  more: { readonly checkpoint?: Checkpoint; readonly resource?: object; readonly mode?: 'audit' } = {},
) {
  const seen: CallContext[] = []
  const failures: unknown[] = []
  const { resource, checkpoint } = more
  const options: GatewayBenchOptions = {
    mq: {
      operations: {
        RebootBroker: async (_input, ctx) => {
          const call = ctx.call(
            as(ctx),
            'logs',
            'CreateLogGroup',
            { logGroupName: 'g' },
            checkpoint === undefined ? {} : { checkpoint },
          )
          await call.catch((error: unknown) => failures.push(error))
          return {}
        },
      },
      access: { RebootBroker: needs('mq:RebootBroker') },
    },
    logs: {
      operations: {
        CreateLogGroup: (_input, ctx) => {
          seen.push(ctx)
          return {}
        },
        PutLogEvents: (_input, ctx) => {
          seen.push(ctx)
          return {}
        },
      },
      access: {
        CreateLogGroup: needs('logs:CreateLogGroup'),
        PutLogEvents: needs('logs:PutLogEvents', { category: 'data' }),
      },
      resourcePolicies: async () =>
        resource === undefined ? [] : [{ name: 'r', policy: parsePolicy(JSON.stringify(resource), 'resource') }],
    },
  }
  const bench = openGatewayBench(more.mode === undefined ? options : { ...options, mode: more.mode })
  benches.push(bench)
  return {
    bench,
    seen,
    failures,
    reboot: (signing = ROOT_KEY) => bench.rest('POST', '/v1/brokers/b-1/reboot', undefined, signing),
  }
}

const asCaller = (ctx: CallContext): CallAs => ({ kind: 'caller', ctx, via: 'mq.amazonaws.com' })
const asService: CallAs = {
  kind: 'service',
  service: 'mq.amazonaws.com',
  sourceArn: BROKER_ARN,
  sourceAccount: ACCOUNT,
  region: region('eu-west-1'),
}
const asRole: CallAs = { ...asService, kind: 'role', roleArn: ROLE_ARN, sessionName: 'b-1' }

const recorded = (bench: GatewayBench, eventName: string) =>
  bench.records().filter((record) => record['eventName'] === eventName)

test("a call on behalf of a caller needs the caller's own permission", async () => {
  const { bench, seen, failures, reboot } = open()
  const { key } = await bench.user('bob', policy(allow('mq:RebootBroker')))
  expect((await reboot(key)).status).toBe(200)
  expect(seen).toEqual([])
  expect(failures).toEqual([expect.any(AccessDenied)])
  expect(String(failures[0])).toContain('user/bob is not authorized to perform: logs:CreateLogGroup')
})

test('with it, the called service sees the caller and the service between them', async () => {
  const { bench, seen, reboot } = open()
  const { principal, key } = await bench.user('bob', policy(allow('*')))
  await reboot(key)
  expect(seen).toEqual([
    expect.objectContaining({
      principal: { ...principal, accessKeyId: key.accessKeyId },
      account: ACCOUNT,
      region: 'us-east-1',
      calledVia: ['mq.amazonaws.com'],
      source: { ip: 'mq.amazonaws.com', userAgent: 'mq.amazonaws.com' },
    }),
  ])
})

test('a policy may ask through which service the call came', async () => {
  const throughMq = (value: string): object =>
    policy(
      allow('mq:RebootBroker'),
      allow('logs:CreateLogGroup', { Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': value } } }),
    )
  const { bench, seen, reboot } = open()
  const { key: other } = await bench.user('other', throughMq('sns.amazonaws.com'))
  await reboot(other)
  expect(seen).toHaveLength(0)
  const { key } = await bench.user('bob', throughMq('mq.amazonaws.com'))
  await reboot(key)
  expect(seen).toHaveLength(1)
  expect((await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key)).status).toBe(400)
})

test('both calls are recorded, the inner one with who invoked it, each under its own request id', async () => {
  const { bench, reboot } = open()
  await reboot()
  const [inner] = recorded(bench, 'CreateLogGroup')
  const [outer] = recorded(bench, 'RebootBroker')
  expect(inner).toMatchObject({
    userIdentity: { type: 'Root', invokedBy: 'mq.amazonaws.com' },
    sourceIPAddress: 'mq.amazonaws.com',
    userAgent: 'mq.amazonaws.com',
  })
  expect(outer).toMatchObject({ userIdentity: { type: 'Root' }, sourceIPAddress: '127.0.0.1' })
  expect(outer?.['userIdentity']).not.toHaveProperty('invokedBy')
  expect(inner?.['requestID']).not.toBe(outer?.['requestID'])
})

test('a denied inner call is recorded as denied', async () => {
  const { bench, reboot } = open()
  const { key } = await bench.user('bob', policy(allow('mq:RebootBroker')))
  await reboot(key)
  expect(recorded(bench, 'CreateLogGroup')).toEqual([
    expect.objectContaining({
      errorCode: 'AccessDeniedException',
      userIdentity: expect.objectContaining({ userName: 'bob', invokedBy: 'mq.amazonaws.com' }) as unknown,
    }),
  ])
})

const TO_MQ = { Principal: { Service: 'mq.amazonaws.com' } }

test('as itself a service is let in by a resource policy only', async () => {
  const { seen, failures, reboot } = open(() => asService)
  await reboot()
  expect(seen).toEqual([])
  expect(String(failures[0])).toContain('User: mq.amazonaws.com is not authorized to perform: logs:CreateLogGroup')
  const granted = open(() => asService, { resource: policy(allow('logs:CreateLogGroup', TO_MQ)) })
  await granted.reboot()
  expect(granted.seen).toEqual([
    expect.objectContaining({
      principal: {
        kind: 'service',
        account: ACCOUNT,
        service: 'mq.amazonaws.com',
        sourceArn: BROKER_ARN,
        sourceAccount: ACCOUNT,
      },
      account: ACCOUNT,
      region: 'eu-west-1',
      calledVia: [],
    }),
  ])
})

test.each([
  {
    name: 'its own resource',
    condition: { ArnEquals: { 'aws:SourceArn': BROKER_ARN }, StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    calls: 1,
  },
  { name: 'another resource', condition: { ArnEquals: { 'aws:SourceArn': `${BROKER_ARN}2` } }, calls: 0 },
  { name: 'another account', condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } }, calls: 0 },
])('a resource policy for $name lets $calls calls through', async ({ condition, calls }) => {
  const { seen, reboot } = open(() => asService, {
    resource: policy(allow('logs:CreateLogGroup', { ...TO_MQ, Condition: condition })),
  })
  await reboot()
  expect(seen).toHaveLength(calls)
})

test('a call of a service is recorded as the service, in the region it acts in', async () => {
  const { bench, reboot } = open(() => asService, { resource: policy(allow('logs:CreateLogGroup', TO_MQ)) })
  await reboot()
  expect(recorded(bench, 'CreateLogGroup')).toEqual([
    expect.objectContaining({
      userIdentity: { type: 'AWSService', invokedBy: 'mq.amazonaws.com' },
      awsRegion: 'eu-west-1',
      recipientAccountId: ACCOUNT,
    }),
  ])
})

test('data calls of a service are not recorded, or delivery would feed itself', async () => {
  const { bench, seen } = open(() => asService, { resource: policy(allow('logs:PutLogEvents', TO_MQ)) })
  const input = { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 0, message: 'x' }] }
  await bench.gateway.call(asService, 'logs', 'PutLogEvents', input)
  expect([seen.length, bench.records()]).toEqual([1, []])
})

async function putRole(bench: GatewayBench, trusted: string, ...statements: readonly object[]): Promise<void> {
  if (roleSession.kind !== 'role') throw new Error('the session is of a role')
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: trusted }, Action: 'sts:AssumeRole' }],
  }
  const { roleName, roleId } = roleSession
  const value = {
    roleName,
    roleId,
    path: '/ops/',
    createdAt: 0,
    trust: JSON.stringify(trust),
    policies: { p: JSON.stringify(policy(...statements)) },
  }
  await bench.iam.records.commit([{ kind: 'put', key: roleKey(ACCOUNT, roleName), value }])
}

test('as a role a service has the permissions of the role', async () => {
  const { bench, seen, reboot } = open(() => asRole)
  await putRole(bench, 'mq.amazonaws.com', allow('logs:CreateLogGroup'))
  await reboot()
  expect(seen).toEqual([
    expect.objectContaining({
      principal: expect.objectContaining({
        kind: 'role',
        roleArn: ROLE_ARN,
        arn: 'arn:aws:sts::111122223333:assumed-role/deployer/b-1',
        sessionName: 'b-1',
      }) as unknown,
      account: ACCOUNT,
      region: 'eu-west-1',
    }),
  ])
  expect(recorded(bench, 'CreateLogGroup')[0]).toMatchObject({
    userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'deployer' } } },
  })
})

test('a role that trusts the service but allows nothing does nothing', async () => {
  const { bench, seen, failures, reboot } = open(() => asRole)
  await putRole(bench, 'mq.amazonaws.com', allow('s3:*'))
  await reboot()
  expect(seen).toEqual([])
  expect(String(failures[0])).toContain('assumed-role/deployer/b-1 is not authorized to perform: logs:CreateLogGroup')
})

test('a missing role and one that does not trust the service read the same', async () => {
  const missing = open(() => asRole)
  await missing.reboot()
  const untrusting = open(() => asRole)
  await putRole(untrusting.bench, 'firehose.amazonaws.com', allow('*'))
  await untrusting.reboot()
  const faults = [...missing.failures, ...untrusting.failures].map((error) => {
    if (!(error instanceof AccessDenied)) throw error
    return `${error.code} ${String(error.status)} ${error.message}`
  })
  expect(new Set(faults)).toEqual(
    new Set([
      `AccessDenied 403 User: mq.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`,
    ]),
  )
  expect([...missing.seen, ...untrusting.seen]).toEqual([])
})

test('a role that a service may not assume is on record as the AssumeRole that it is, and explained', async () => {
  const { bench, reboot } = open(() => asRole)
  await putRole(bench, 'firehose.amazonaws.com', allow('*'))
  await reboot()
  const [record, ...others] = recorded(bench, 'AssumeRole')
  expect(others).toEqual([])
  expect(record).toMatchObject({
    eventSource: 'sts.amazonaws.com',
    userIdentity: { type: 'AWSService', invokedBy: 'mq.amazonaws.com' },
    errorCode: 'AccessDenied',
    errorMessage: `User: mq.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`,
    requestParameters: { roleArn: ROLE_ARN, roleSessionName: 'b-1' },
    recipientAccountId: ACCOUNT,
  })
  expect(bench.denials.find(String(record?.['requestID']))).toEqual([
    expect.objectContaining({ operation: 'AssumeRole', end: 'denied' }),
  ])
})

test('tried again and again, the refused role stays one record an hour', async () => {
  const { bench, reboot } = open(() => asRole)
  await reboot()
  await reboot()
  expect(recorded(bench, 'AssumeRole')).toHaveLength(1)
  bench.iam.clock.at += 3_600_000
  await reboot()
  expect(recorded(bench, 'AssumeRole')).toHaveLength(2)
})

test('where denials are only audited a role need not trust the service, but must exist', async () => {
  const { bench, seen, failures, reboot } = open(() => asRole, { mode: 'audit' })
  await reboot()
  expect([seen.length, failures.length]).toEqual([0, 1])
  await putRole(bench, 'firehose.amazonaws.com', allow('*'))
  await reboot()
  expect(seen).toHaveLength(1)
  expect(recorded(bench, 'AssumeRole').at(-1)).toMatchObject({
    additionalEventData: { iamMode: 'audit', wouldBeDenied: [expect.stringContaining('sts:AssumeRole')] },
  })
})

test('a trust policy may ask for which resource the service acts', async () => {
  const { bench, seen, reboot } = open(() => asRole)
  if (roleSession.kind !== 'role') throw new Error('the session is of a role')
  const Condition = { ArnEquals: { 'aws:SourceArn': `${BROKER_ARN}2` } }
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', ...TO_MQ, Action: 'sts:AssumeRole', Condition }],
  }
  const { roleName, roleId } = roleSession
  const value = {
    roleName,
    roleId,
    path: '/ops/',
    createdAt: 0,
    trust: JSON.stringify(trust),
    policies: { p: JSON.stringify(policy(allow('*'))) },
  }
  await bench.iam.records.commit([{ kind: 'put', key: roleKey(ACCOUNT, roleName), value }])
  await reboot()
  expect(seen).toEqual([])
})

test('a checkpoint travels as context of its own call, never further', async () => {
  const checkpoint = { source: 'mq/b-1/1/general', sequence: 3, position: 'p' }
  const { seen, reboot } = open(asCaller, { checkpoint })
  await reboot()
  expect(seen[0]?.checkpoint).toEqual(checkpoint)
  const without = open()
  await without.reboot()
  expect(without.seen[0]).not.toHaveProperty('checkpoint')
})

test("the caller hanging up aborts what is done on its behalf; a service's own work has its own signal", async () => {
  const onBehalf = open()
  await onBehalf.reboot()
  const alone = open(() => asService, { resource: policy(allow('logs:CreateLogGroup', TO_MQ)) })
  await alone.reboot()
  const own = new AbortController()
  await alone.bench.gateway.call(asService, 'logs', 'CreateLogGroup', { logGroupName: 'g' }, { signal: own.signal })
  own.abort()
  expect(alone.seen.map(({ signal }) => signal.aborted)).toEqual([false, true])
  expect(onBehalf.seen[0]?.signal).toBeInstanceOf(AbortSignal)
})

test('what is not built answers a service like a stranger, who may not call it', async () => {
  const { bench } = open()
  const call = bench.gateway.call(asService, 'logs', 'StartQuery', {
    startTime: 0,
    endTime: 1,
    queryString: 'fields @message',
  })
  await expect(call).rejects.toMatchObject({ code: 'AccessDeniedException', status: 400 })
  await expect(call).rejects.toBeInstanceOf(AwsError)
})
