import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const ARN = `arn:aws:iam::${ACCOUNT}:policy/ops/writer`
const create = (PolicyDocument = allowing('logs:*')) =>
  bench.call('CreatePolicy', { PolicyName: 'writer', Path: '/ops/', Description: 'writes', PolicyDocument })
const version = (action: string, SetAsDefault = false) =>
  bench.call('CreatePolicyVersion', { PolicyArn: ARN, PolicyDocument: allowing(action), SetAsDefault })

test('a policy comes back as it was made', async () => {
  const { Policy } = await create()
  expect(Policy).toMatchObject({ Arn: ARN, DefaultVersionId: 'v1', AttachmentCount: 0, Description: 'writes' })
  expect(Policy?.PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/)
  expect((await bench.call('GetPolicy', { PolicyArn: ARN })).Policy).toEqual(Policy)
  const { PolicyVersion } = await bench.call('GetPolicyVersion', { PolicyArn: ARN, VersionId: 'v1' })
  expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(allowing('logs:*'))
  expect(await faultOf(() => create())).toBe(
    'EntityAlreadyExists 409 A policy called writer already exists. Duplicate names are not allowed.',
  )
})

test('versions are numbered for ever, five at most, and the one in force cannot be deleted', async () => {
  await create()
  for (const action of ['mq:*', 'sts:*', 'iam:*', 'cloudtrail:*']) await version(action)
  expect(await faultOf(() => version('kafka:*'))).toContain('A managed policy can have up to 5 versions.')
  const remove = (VersionId: string) => bench.call('DeletePolicyVersion', { PolicyArn: ARN, VersionId })
  expect(await faultOf(() => remove('v1'))).toBe('DeleteConflict 409 Cannot delete the default version of a policy.')
  await remove('v5')
  expect((await version('kafka:*')).PolicyVersion?.VersionId).toBe('v6')
  expect(await faultOf(() => remove('v5'))).toContain('NoSuchEntity 404')
  const { Versions } = await bench.call('ListPolicyVersions', { PolicyArn: ARN })
  expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v4', 'v3', 'v2', 'v1'])
})

test('whoever has the policy follows its version in force at once', async () => {
  const bob = await bench.createUser('bob')
  await create()
  await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: ARN })
  const held = async () => JSON.stringify((await bench.identity().profile(bob)).identity[0]?.policy.statements)
  expect(await held()).toContain('logs:')
  await version('mq:*')
  expect(await held()).toContain('logs:')
  await bench.call('SetDefaultPolicyVersion', { PolicyArn: ARN, VersionId: 'v2' })
  expect(await held()).toContain('mq:')
})

test('a policy in use, or with more than one version, cannot be deleted', async () => {
  await bench.createUser('bob')
  await create()
  await bench.call('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: ARN })
  const remove = () => bench.call('DeletePolicy', { PolicyArn: ARN })
  expect(await faultOf(remove)).toBe('DeleteConflict 409 Cannot delete a policy attached to entities.')
  await bench.call('DeleteUserPermissionsBoundary', { UserName: 'bob' })
  await version('mq:*')
  expect(await faultOf(remove)).toContain('This policy has more than one version.')
  await bench.call('DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v2' })
  await remove()
  expect(await faultOf(() => bench.call('GetPolicy', { PolicyArn: ARN }))).toBe(
    `NoSuchEntity 404 Policy ${ARN} was not found.`,
  )
})

test('a policy attached while it is being deleted is either kept or not attached', async () => {
  await bench.createUser('bob')
  await create()
  await Promise.allSettled([
    bench.call('DeletePolicy', { PolicyArn: ARN }),
    bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: ARN }),
  ])
  const { AttachedPolicies = [] } = await bench.call('ListAttachedUserPolicies', { UserName: 'bob' })
  const exists = (await bench.call('ListPolicies', { Scope: 'Local' })).Policies?.length === 1
  expect(exists).toBe(AttachedPolicies.length === 1)
})

test('a managed policy has 6,144 characters at most, white space not counted', async () => {
  const long = (length: number) => {
    const room = length - allowing('logs:*', { Sid: '' }).length
    return allowing('logs:*', { Sid: 'a'.repeat(room) })
  }
  expect(await faultOf(() => create(long(6_145)))).toBe('LimitExceeded 409 Cannot exceed quota for PolicySize: 6144')
  await create(` ${long(6_144)}\n`)
})

test("AWS's policies are there with their real statements, and cannot be changed", async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonMQFullAccess'
  const { Policy } = await bench.call('GetPolicy', { PolicyArn })
  expect(Policy).toMatchObject({ PolicyName: 'AmazonMQFullAccess', Path: '/', IsAttachable: true })
  const { PolicyVersion } = await bench.call('GetPolicyVersion', {
    PolicyArn,
    VersionId: Policy?.DefaultVersionId ?? '',
  })
  const document = decodeURIComponent(PolicyVersion?.Document ?? '')
  expect(document).toContain('logs:CreateLogGroup')
  expect(document).not.toContain('logs:PutResourcePolicy')
  expect(await faultOf(() => bench.call('DeletePolicy', { PolicyArn }))).toBe(
    'AccessDenied 403 Policy is outside your own account.',
  )
  const { Policies = [] } = await bench.call('ListPolicies', { Scope: 'AWS', MaxItems: 1_000 })
  expect(Policies.length).toBeGreaterThan(30)
})

test('lists tell who uses a policy and how', async () => {
  await bench.createUser('bob')
  await bench.createUser('ann', '/dev/')
  await create()
  await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: ARN })
  await bench.call('PutUserPermissionsBoundary', { UserName: 'ann', PermissionsBoundary: ARN })
  const users = async (more: object = {}) =>
    (await bench.call('ListEntitiesForPolicy', { PolicyArn: ARN, ...more })).PolicyUsers?.map((user) => user.UserName)
  expect(await users()).toEqual(['ann', 'bob'])
  expect(await users({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['ann'])
  expect(await users({ PathPrefix: '/dev/' })).toEqual(['ann'])
  expect(await users({ EntityFilter: 'Role' })).toEqual([])
  const { Policies = [] } = await bench.call('ListPolicies', { OnlyAttached: true })
  expect(Policies).toMatchObject([{ Arn: ARN, AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 }])
})

test.each([
  { arn: 'arn:aws:iam::aws:policy/NoSuchPolicyAnywhere', fault: 'NoSuchEntity 404' },
  {
    arn: 'this-is-no-arn-at-all-of-any-kind',
    fault: 'InvalidInput 400 ARN this-is-no-arn-at-all-of-any-kind is not valid.',
  },
  { arn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonMQServiceRolePolicy', fault: 'PolicyNotAttachable 400' },
])('$arn cannot be attached', async ({ arn, fault }) => {
  await bench.createUser('bob')
  expect(await faultOf(() => bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: arn }))).toContain(fault)
  expect((await bench.call('ListAttachedUserPolicies', { UserName: 'bob' })).AttachedPolicies).toEqual([])
})

test('ten policies are attached at most', async () => {
  await bench.createUser('bob')
  const { Policies = [] } = await bench.call('ListPolicies', { Scope: 'AWS', PathPrefix: '/', MaxItems: 40 })
  const arns = Policies.flatMap(({ Arn = '', Path }) => (Path === '/' ? [Arn] : []))
  for (const PolicyArn of arns.slice(0, 10)) await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn })
  expect(await faultOf(() => bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: arns[10] ?? '' }))).toBe(
    'LimitExceeded 409 Cannot exceed quota for PoliciesPerUser: 10',
  )
})
