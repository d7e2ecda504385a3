import { afterEach, expect, test } from 'vitest'
import type { PassedRole, RolePass } from '#kernel/gatekeeper.ts'
import { AccessDenied } from '#kernel/errors.ts'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  type Signing,
  allow,
  messageIn,
  needs,
  openGatewayBench,
  policy,
} from '../../../testkit/src/gateway-bench.ts'
import { ACCOUNT } from '#services/iam/test-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

const ROLE = `arn:aws:iam::${ACCOUNT}:role/delivery`
const PASS: RolePass = { roleArn: ROLE, service: 'logs.amazonaws.com' }

/** Logs whose CreateLogGroup passes a role, and whose DeleteLogGroup needs one permission more than it says. */
function open(pass: RolePass = PASS, mode: GatewayBenchOptions['mode'] = 'enforce') {
  const passed: PassedRole[] = []
  const bench = openGatewayBench({
    mode,
    logs: {
      operations: {
        CreateLogGroup: async (_input, { gate }) => {
          passed.push(await gate.passRole(pass))
          return {}
        },
        DeleteLogGroup: async (_input, { gate }) => {
          await gate.require({ action: 'logs:DeleteLogStream', resource: 'arn:aws:logs:::s' })
          return {}
        },
      },
      access: { CreateLogGroup: needs('logs:CreateLogGroup'), DeleteLogGroup: needs('logs:DeleteLogGroup') },
    },
  })
  benches.push(bench)
  const create = (signing: Signing = ROOT_KEY) => bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, signing)
  return { bench, passed, create }
}

const createRole = (bench: GatewayBench, service: string, Condition?: object) =>
  bench.iam.call('CreateRole', {
    RoleName: 'delivery',
    AssumeRolePolicyDocument: JSON.stringify(
      policy({
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(Condition === undefined ? {} : { Condition }),
      }),
    ),
    Tags: [{ Key: 'for', Value: 'logs' }],
  })

test('passing a role needs iam:PassRole on that role, and the denial says so in the words of the service', async () => {
  const { bench, passed, create } = open()
  await createRole(bench, 'logs.amazonaws.com')
  const { key } = await bench.user('bob', policy(allow('logs:*')))
  const reply = await create(key)
  expect([reply.status, messageIn(reply)]).toEqual([
    400,
    `User: arn:aws:iam::${ACCOUNT}:user/bob is not authorized to perform: iam:PassRole on resource: ${ROLE} because no identity-based policy allows the iam:PassRole action`,
  ])
  expect(passed).toEqual([])
  const { key: eve } = await bench.user('eve', policy(allow('logs:*'), allow('iam:PassRole', { Resource: ROLE })))
  expect((await create(eve)).status).toBe(200)
  expect(passed).toEqual([{ trusted: true }])
})

test.each([
  {
    name: 'the service it is passed to',
    Condition: { StringEquals: { 'iam:PassedToService': 'logs.amazonaws.com' } },
    status: 200,
  },
  {
    name: 'another service',
    Condition: { StringEquals: { 'iam:PassedToService': 'firehose.amazonaws.com' } },
    status: 400,
  },
  {
    name: 'the resource it is for',
    Condition: { ArnLike: { 'iam:AssociatedResourceArn': 'arn:aws:logs:*:*:a' } },
    status: 200,
  },
  {
    name: 'another resource',
    Condition: { ArnLike: { 'iam:AssociatedResourceArn': 'arn:aws:logs:*:*:b' } },
    status: 400,
  },
  { name: 'a tag of the role', Condition: { StringEquals: { 'iam:ResourceTag/for': 'logs' } }, status: 200 },
  { name: 'another tag', Condition: { StringEquals: { 'aws:ResourceTag/for': 'mq' } }, status: 400 },
])('a policy may ask for $name: $status', async ({ Condition, status }) => {
  const { bench, create } = open({ ...PASS, resourceArn: `arn:aws:logs:us-east-1:${ACCOUNT}:a` })
  await createRole(bench, 'logs.amazonaws.com')
  const { key } = await bench.user('bob', policy(allow('logs:*'), allow('iam:PassRole', { Condition })))
  expect((await create(key)).status).toBe(status)
})

test.each([
  { name: 'a role of another service', service: 'firehose.amazonaws.com', Condition: undefined, trusted: false },
  {
    name: 'a role for the same resource',
    service: 'logs.amazonaws.com',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:*:a' }, StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    trusted: true,
  },
  {
    name: 'a role for another resource',
    service: 'logs.amazonaws.com',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:*:b' } },
    trusted: false,
  },
])('$name trusts the service: $trusted', async ({ service, Condition, trusted }) => {
  const { bench, passed, create } = open({ ...PASS, resourceArn: `arn:aws:logs:us-east-1:${ACCOUNT}:a` })
  await createRole(bench, service, Condition)
  expect((await create()).status).toBe(200)
  expect(passed).toEqual([{ trusted }])
})

test('a role that does not exist is passed by whoever may, and trusts nobody', async () => {
  const { bench, passed, create } = open()
  const { key } = await bench.user('bob', policy(allow('logs:*')))
  expect((await create(key)).status).toBe(400)
  expect((await create()).status).toBe(200)
  expect(passed).toEqual([{ trusted: false }])
})

test('a role of another account cannot be passed, not even by root', async () => {
  const { bench, passed, create } = open({ ...PASS, roleArn: 'arn:aws:iam::444455556666:role/theirs' })
  const { key } = await bench.user('admin', policy(allow('*')))
  for (const signing of [ROOT_KEY, key]) expect((await create(signing)).status).toBe(400)
  expect(passed).toEqual([])
})

test('an operation may need more than could be said before it ran', async () => {
  const { bench } = open()
  const { key } = await bench.user('bob', policy(allow('logs:DeleteLogGroup')))
  const reply = await bench.send('logs', 'DeleteLogGroup', { logGroupName: 'g' }, key)
  expect([reply.status, messageIn(reply)]).toEqual([400, expect.stringContaining('logs:DeleteLogStream')])
  expect(bench.denials.find(String(reply.headers['x-amzn-requestid']))).toHaveLength(1)
})

test('where denials are only audited all of it goes through, and is kept', async () => {
  const { bench, passed, create } = open(PASS, 'audit')
  const { key } = await bench.user('bob')
  const reply = await create(key)
  expect([reply.status, passed]).toEqual([200, [{ trusted: false }]])
  const kept = bench.denials.find(String(reply.headers['x-amzn-requestid']))
  expect(kept.map(({ decision }) => decision.action)).toEqual(['logs:CreateLogGroup', 'iam:PassRole'])
})

test('outside of a request nothing is allowed', async () => {
  const { CLOSED_GATE } = await import('#kernel/gatekeeper.ts')
  await expect(CLOSED_GATE.require({ action: 'a:B', resource: '*' })).rejects.toThrow('outside of a request')
  await expect(CLOSED_GATE.passRole(PASS)).rejects.toThrow('outside of a request')
  const denial = new AccessDenied('AccessDenied', 403, 'no', { allowed: false } as AccessDenied['decision'])
  expect(() => {
    CLOSED_GATE.settle(denial)
  }).toThrow(denial)
})
