import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parsePolicy } from '@sluice/policy'
import { authorizationMessages } from '#kernel/authorization-message.ts'
import { AccessDenied } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import type { AccessCheck, AttachedPolicy, OperationAccess } from '#kernel/service.ts'
import { type Gate, authorize } from '#gateway/authorize.ts'
import { allow, deny, policy } from '../../../testkit/src/gateway-bench.ts'
import { roleKey } from '#services/iam/records.ts'
import { ACCOUNT, type Bench, contextOf, openBench, roleSession, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const service: Principal = {
  kind: 'service',
  account: ACCOUNT,
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  sourceAccount: ACCOUNT,
}
const WRITE: AccessCheck = {
  action: 'logs:PutLogEvents',
  resource: 'arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s',
}
const TARGET = { protocol: 'aws-json-1.1', service: 'logs' } as const

const access = (...checks: readonly AccessCheck[]): OperationAccess<object> => ({
  category: 'data',
  readOnly: false,
  checks: () => checks,
})
const resourcePolicy = (...statements: readonly object[]): AttachedPolicy => ({
  name: 'resource',
  policy: parsePolicy(JSON.stringify(policy(...statements)), 'resource'),
})

const gateOf = (resourcePolicies?: Gate['service']['resourcePolicies']): Gate => ({
  identity: bench.identity(),
  service: resourcePolicies === undefined ? {} : { resourcePolicies },
  wording: { policyArns: true, messages: authorizationMessages(randomBytes(32)) },
  settle: (denial) => {
    throw denial
  },
})

/** The denial, or `undefined` when the call is let through. */
async function denialOf(
  principal: Principal,
  needed: OperationAccess<object>,
  resourcePolicies?: Gate['service']['resourcePolicies'],
): Promise<AccessDenied | undefined> {
  try {
    await authorize({}, contextOf(principal), needed, gateOf(resourcePolicies), TARGET)
    return undefined
  } catch (error) {
    if (error instanceof AccessDenied) return error
    throw error
  }
}

async function bob(...statements: readonly object[]): Promise<Principal> {
  const principal = await bench.createUser('bob')
  if (statements.length > 0)
    await bench.call('PutUserPolicy', {
      UserName: 'bob',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify(policy(...statements)),
    })
  return principal
}

test('root needs no policy', async () => {
  expect(await denialOf(rootOf(ACCOUNT), access(WRITE))).toBeUndefined()
})

test('a user needs an Allow', async () => {
  const principal = await bob()
  expect((await denialOf(principal, access(WRITE)))?.decision).toMatchObject({
    allowed: false,
    kind: 'implicit-deny',
    decidedBy: 'identity',
  })
})

test('every check must be allowed, not just the first', async () => {
  const principal = await bob(allow('logs:PutLogEvents'))
  const create = { ...WRITE, action: 'logs:CreateLogStream' }
  expect(await denialOf(principal, access(WRITE))).toBeUndefined()
  expect((await denialOf(principal, access(WRITE, create)))?.message).toContain('logs:CreateLogStream')
  expect((await denialOf(principal, access(create, WRITE)))?.message).toContain('logs:CreateLogStream')
})

test('the denial names the resource as AWS names it', async () => {
  const principal = await bob()
  expect((await denialOf(principal, access(WRITE)))?.message).toContain(`on resource: ${WRITE.resource} because`)
  expect((await denialOf(principal, access({ ...WRITE, shownAs: 'user bob' })))?.message).toContain(
    'on resource: user bob because',
  )
})

test('a denial has the whole text that its check gives', async () => {
  const denial = await denialOf(await bob(), access({ ...WRITE, denialText: 'You may not.' }))
  expect(denial).toMatchObject({ code: 'AccessDeniedException', message: 'You may not.' })
})

test('condition keys of the check are seen by policies, and only in their own check', async () => {
  const tagged = { ...WRITE, context: { 'aws:ResourceTag/team': 'payments' } }
  const principal = await bob(allow('logs:*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'payments' } } }))
  expect(await denialOf(principal, access(tagged))).toBeUndefined()
  expect(await denialOf(principal, access({ ...tagged, context: { 'aws:ResourceTag/team': 'other' } }))).toBeDefined()
  expect(await denialOf(principal, access(tagged, WRITE))).toBeDefined()
})

test('a service has no identity policies: without a resource policy it may nothing', async () => {
  expect((await denialOf(service, access(WRITE)))?.message).toBe(
    `User: mq.amazonaws.com is not authorized to perform: logs:PutLogEvents on resource: ${WRITE.resource} because no resource-based policy allows the logs:PutLogEvents action`,
  )
  expect(await denialOf(service, access(WRITE), async () => [])).toBeDefined()
})

const TO_MQ = { Principal: { Service: 'mq.amazonaws.com' } }

test('a resource policy lets a service in, for the action, resource and service it names', async () => {
  const granted = resourcePolicy(allow('logs:PutLogEvents', { ...TO_MQ, Resource: 'arn:aws:logs:*:*:log-group:g:*' }))
  const policies = async () => [granted]
  expect(await denialOf(service, access(WRITE), policies)).toBeUndefined()
  expect(await denialOf(service, access({ ...WRITE, action: 'logs:CreateLogStream' }), policies)).toBeDefined()
  expect(
    await denialOf(service, access({ ...WRITE, resource: WRITE.resource.replace(':g:', ':other:') }), policies),
  ).toBeDefined()
  expect(await denialOf({ ...service, service: 'firehose.amazonaws.com' }, access(WRITE), policies)).toBeDefined()
})

test.each([
  { name: 'another broker', change: { sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-2' } },
  { name: 'another account', change: { sourceAccount: '444455556666' } },
])('a resource policy against confused deputies keeps $name out', async ({ change }) => {
  const Condition = {
    ArnLike: { 'aws:SourceArn': 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1' },
    StringEquals: { 'aws:SourceAccount': '111122223333' },
  }
  const policies = async () => [resourcePolicy(allow('logs:PutLogEvents', { ...TO_MQ, Condition }))]
  expect(await denialOf(service, access(WRITE), policies)).toBeUndefined()
  expect(await denialOf({ ...service, ...change } as Principal, access(WRITE), policies)).toBeDefined()
})

test('a Deny in a resource policy stops what an identity policy allows', async () => {
  const principal = await bob(allow('logs:*'))
  const policies = async () => [resourcePolicy({ ...deny('logs:PutLogEvents'), Principal: '*' })]
  expect((await denialOf(principal, access(WRITE), policies))?.decision).toMatchObject({
    kind: 'explicit-deny',
    decidedBy: 'resource',
  })
})

test('resource policies are asked for each check, with who calls and where', async () => {
  const asked: unknown[] = []
  const policies: Gate['service']['resourcePolicies'] = async (check, scope) => {
    asked.push([check.action, scope])
    return []
  }
  await denialOf(rootOf(ACCOUNT), access(WRITE, { ...WRITE, action: 'logs:CreateLogStream' }), policies)
  const source = { ip: '127.0.0.1', userAgent: 'test' }
  const scope = { account: ACCOUNT, region: 'us-east-1', principal: rootOf(ACCOUNT), calledVia: [], source }
  expect(asked).toEqual([
    ['logs:PutLogEvents', scope],
    ['logs:CreateLogStream', scope],
  ])
})

test('resource policies that cannot be read end the call', async () => {
  const policies = () => Promise.reject(new Error('records are away'))
  await expect(denialOf(rootOf(ACCOUNT), access(WRITE), policies)).rejects.toThrow('records are away')
})

test('an empty list of checks ends the call, and none at all lets it through', async () => {
  await expect(denialOf(rootOf(ACCOUNT), access())).rejects.toThrow('an empty list of checks allows nothing')
  expect(await denialOf(service, { category: 'management', readOnly: true, checks: 'none' })).toBeUndefined()
})

test('a role session has the policies of its role, and none when the role is gone', async () => {
  if (roleSession.kind !== 'role') throw new Error('the session is of a role')
  const { roleId, roleName } = roleSession
  const policies = { write: JSON.stringify(policy(allow('logs:PutLogEvents'))) }
  expect((await denialOf(roleSession, access(WRITE)))?.message).toContain(
    'arn:aws:sts::111122223333:assumed-role/deployer/ci',
  )
  const value = { roleName, roleId, path: '/ops/', createdAt: 0, trust: '{}', policies }
  await bench.records.commit([{ kind: 'put', key: roleKey(ACCOUNT, roleName), value }])
  expect(await denialOf(roleSession, access(WRITE))).toBeUndefined()
})

test('tags of the resource are looked up when a policy speaks of them, and only then', async () => {
  const asked: string[] = []
  const decided = async (principal: Principal): Promise<boolean> => {
    const gate = gateOf()
    const resourceTags = async ({ resource }: AccessCheck) => {
      asked.push(resource)
      return [{ Key: 'team', Value: 'orders' }]
    }
    const calling = authorize({}, contextOf(principal), access(WRITE), { ...gate, service: { resourceTags } }, TARGET)
    return calling.then(
      () => true,
      () => false,
    )
  }
  const principal = await bob(allow('logs:*'))
  expect([await decided(principal), asked]).toEqual([true, []])
  const PolicyName = 'p'
  const put = (value: string) => {
    const Condition = { StringEquals: { 'AWS:ResourceTag/Team': value } }
    const PolicyDocument = JSON.stringify(policy(allow('logs:*', { Condition })))
    return bench.call('PutUserPolicy', { UserName: 'bob', PolicyName, PolicyDocument })
  }
  await put('orders')
  expect([await decided(principal), asked]).toEqual([true, [WRITE.resource]])
  await put('payments')
  expect(await decided(principal)).toBe(false)
})

test('tags that a check gives itself count, whatever was looked up', async () => {
  const Condition = { StringEquals: { 'aws:ResourceTag/team': 'orders' } }
  const principal = await bob(allow('logs:*', { Condition }))
  const own = { ...WRITE, context: { 'aws:ResourceTag/team': 'orders' } }
  const service = { resourceTags: async () => [{ Key: 'team', Value: 'other' }] }
  await authorize({}, contextOf(principal), access(own), { ...gateOf(), service }, TARGET)
})

test('a denial carries the code of the protocol', async () => {
  const principal = await bob()
  expect(await denialOf(principal, access(WRITE))).toMatchObject({ code: 'AccessDeniedException', status: 400 })
  const query = authorize({}, contextOf(principal), access(WRITE), gateOf(), { protocol: 'aws-query' })
  await expect(query).rejects.toMatchObject({ code: 'AccessDenied', status: 403 })
})
