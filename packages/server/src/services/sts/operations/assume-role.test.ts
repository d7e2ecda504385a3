import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, faultOf, rootOf } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'
import { type StsBench, openBench } from '#services/sts/test-bench.ts'

let bench: StsBench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bob = await bench.iam.createUser('bob')
  await bench.iam.call('CreateRole', {
    RoleName: 'deployer',
    Path: '/ops/',
    AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }),
    MaxSessionDuration: 7_200,
    Tags: [
      { Key: 'team', Value: 'role' },
      { Key: 'env', Value: 'test' },
    ],
  })
})
afterEach(() => bench.close())

const RoleArn = `arn:aws:iam::${ACCOUNT}:role/ops/deployer`
const assume = (more: object = {}, principal: Principal = bob) =>
  bench.call('AssumeRole', { RoleArn, RoleSessionName: 'ci', ...more }, principal)
const sessionOf = async (more: object = {}, principal: Principal = bob): Promise<Principal> => {
  const { Credentials } = await assume(more, principal)
  const found = await bench.behind(Credentials?.AccessKeyId ?? '')
  if (found === undefined) throw new Error('the session is unknown')
  return found.principal
}

test('the credentials stand for a session of the role, until they end', async () => {
  const { Credentials, AssumedRoleUser, PackedPolicySize } = await assume()
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
  expect(Credentials?.Expiration).toBe(Math.floor(bench.iam.clock.now() / 1_000) * 1_000 + 3_600_000)
  expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deployer/ci`)
  expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:ci$/)
  expect(PackedPolicySize).toBeUndefined()
  const found = await bench.behind(Credentials?.AccessKeyId ?? '')
  expect(found).toMatchObject({
    secret: Credentials?.SecretAccessKey,
    sessionToken: Credentials?.SessionToken,
    expiresAt: Credentials?.Expiration,
    principal: { kind: 'role', roleArn: RoleArn, sessionName: 'ci' },
  })
})

test('neither secret nor token can be read in the records', async () => {
  const { Credentials } = await assume()
  const written = bench.iam.written()
  expect(written).toContain(Credentials?.AccessKeyId)
  expect(written).not.toContain(Credentials?.SecretAccessKey)
  expect(written).not.toContain(Credentials?.SessionToken?.slice(0, 40))
})

test('a session ends with its role, even when one of the same name is made', async () => {
  const { Credentials } = await assume()
  await bench.iam.call('DeleteRole', { RoleName: 'deployer' })
  await bench.iam.call('CreateRole', {
    RoleName: 'deployer',
    Path: '/ops/',
    AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }),
  })
  expect(await bench.behind(Credentials?.AccessKeyId ?? '')).toBeUndefined()
})

test('sessions that ended long ago are cleared away as new ones are made', async () => {
  const { Credentials } = await assume()
  bench.iam.clock.at += 8 * 86_400_000
  await assume()
  expect(await bench.behind(Credentials?.AccessKeyId ?? '')).toBeUndefined()
})

test.each([
  {
    name: 'over the longest of the role',
    more: { DurationSeconds: 7_201 },
    fault: 'MaxSessionDuration set for this role',
  },
  { name: 'no policy', more: { Policy: '{' }, fault: 'MalformedPolicyDocument 400 Syntax errors in policy.' },
  {
    name: 'a managed policy that does not exist',
    more: { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicyAnywhere' }] },
    fault: 'does not exist or is not attachable',
  },
  {
    name: 'tags that differ in case only',
    more: {
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    },
    fault: 'InvalidParameterValue 400 Duplicate tag keys found.',
  },
  {
    name: 'a transitive key without its tag',
    more: { TransitiveTagKeys: ['a'] },
    fault: 'The specified transitive tag key must be included in the requested tags.',
  },
  {
    name: 'more tags than there is room for',
    more: {
      Tags: Array.from({ length: 50 }, (_, index) => ({
        Key: `k${String(index)}`,
        Value: randomBytes(80).toString('hex'),
      })),
    },
    fault: 'PackedPolicyTooLarge 400',
  },
])('$name is refused', async ({ more, fault }) => {
  expect(await faultOf(() => assume(more))).toContain(fault)
})

test('root cannot assume a role', async () => {
  const message = 'AccessDenied 403 Roles may not be assumed by root accounts.'
  expect(await faultOf(() => assume({}, rootOf(ACCOUNT)))).toBe(message)
  const asked = { RoleArn, RoleSessionName: 'ci' }
  expect(await faultOf(() => bench.checks('AssumeRole', asked, rootOf(ACCOUNT)))).toBe(message)
})

test('session policies and tags go with the session, and its tags hide those of the role', async () => {
  const { PackedPolicySize } = await assume({ Policy: allowing('logs:*') })
  expect(PackedPolicySize).toBeGreaterThan(0)
  const principal = await sessionOf({
    Policy: allowing('logs:*'),
    PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess' }],
    Tags: [{ Key: 'Team', Value: 'session' }],
  })
  const profile = await bench.iam.identity().profile(principal)
  expect(profile.session?.map(({ name }) => name)).toEqual(['session policy', 'AmazonMQReadOnlyAccess'])
  expect(profile.tags).toEqual([
    { Key: 'env', Value: 'test' },
    { Key: 'Team', Value: 'session' },
  ])
})

test('a session policy that is deleted later leaves the session nothing', async () => {
  const { Policy } = await bench.iam.call('CreatePolicy', { PolicyName: 'p', PolicyDocument: allowing('logs:*') })
  const principal = await sessionOf({ PolicyArns: [{ arn: Policy?.Arn }] })
  await bench.iam.call('DeletePolicy', { PolicyArn: Policy?.Arn ?? '' })
  expect((await bench.iam.identity().profile(principal)).session).toEqual([])
})

test('transitive tags and the source identity go on through a chain, whose sessions last an hour at most', async () => {
  const first = await sessionOf({
    Tags: [
      { Key: 'cost', Value: '1' },
      { Key: 'own', Value: '2' },
    ],
    TransitiveTagKeys: ['cost'],
    SourceIdentity: 'alice',
  })
  expect(await sessionOf({}, first)).toMatchObject({
    session: { tags: [{ Key: 'cost', Value: '1' }], transitiveTagKeys: ['cost'], sourceIdentity: 'alice' },
  })
  expect(await faultOf(() => assume({ Tags: [{ Key: 'cost', Value: '9' }] }, first))).toContain('conflicts with')
  expect(await faultOf(() => assume({ SourceIdentity: 'bob' }, first))).toContain('AccessDenied 403')
  expect(await faultOf(() => assume({ DurationSeconds: 3_601 }, first))).toContain('role chaining')
})

test('tags and source identity take permissions of their own; the conditions see what was asked', async () => {
  const input = {
    RoleArn,
    RoleSessionName: 'ci',
    ExternalId: 'abc',
    SourceIdentity: 'alice',
    Tags: [{ Key: 'team', Value: 'x' }],
  }
  const checks = await bench.checks('AssumeRole', input, bob)
  expect(checks.map(({ action }) => action)).toEqual(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])
  for (const check of checks) {
    expect(check).toMatchObject({ resource: RoleArn, resourceAccount: ACCOUNT, resourcePolicyRequired: true })
    expect(check.context).toMatchObject({
      'sts:ExternalId': 'abc',
      'sts:RoleSessionName': 'ci',
      'sts:SourceIdentity': 'alice',
      'aws:RequestTag/team': 'x',
      'aws:TagKeys': ['team'],
      'aws:ResourceTag/team': 'role',
    })
  }
  expect(
    await faultOf(() =>
      bench.checks('AssumeRole', { RoleArn: 'arn:aws:s3:::bucket/whatever', RoleSessionName: 'ci' }, bob),
    ),
  ).toBe('ValidationError 400 arn:aws:s3:::bucket/whatever is invalid')
})
