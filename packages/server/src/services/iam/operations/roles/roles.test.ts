import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const TO_LOGS = trusting({ Service: 'logs.amazonaws.com' })
const create = (RoleName: string, AssumeRolePolicyDocument = TO_LOGS, more: object = {}) =>
  bench.call('CreateRole', { RoleName, AssumeRolePolicyDocument, ...more })
const trustOf = async (RoleName: string): Promise<string> =>
  decodeURIComponent((await bench.call('GetRole', { RoleName })).Role.AssumeRolePolicyDocument ?? '')

test('a role comes back with everything it was made with', async () => {
  const Tags = [{ Key: 'team', Value: 'orders' }]
  const { Role } = await create('writer', TO_LOGS, {
    Path: '/ops/',
    Description: 'writes logs',
    MaxSessionDuration: 7_200,
    Tags,
  })
  expect(Role).toMatchObject({
    Arn: `arn:aws:iam::${ACCOUNT}:role/ops/writer`,
    Description: 'writes logs',
    MaxSessionDuration: 7_200,
    Tags,
  })
  expect(Role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect((await bench.call('GetRole', { RoleName: 'writer' })).Role).toEqual({ ...Role, RoleLastUsed: {} })
  expect(await trustOf('writer')).toBe(TO_LOGS)
  const { Roles } = await bench.call('ListRoles', { PathPrefix: '/ops/' })
  expect(Roles.map(({ RoleName }) => RoleName)).toEqual(['writer'])
  expect(Roles[0]).not.toHaveProperty('Tags')
  expect((await bench.call('ListRoles', { PathPrefix: '/other/' })).Roles).toEqual([])
})

test.each([
  { name: 'no JSON', trust: '{', fault: 'MalformedPolicyDocument 400 This policy contains invalid Json' },
  {
    name: 'a resource',
    trust: trusting({ Service: 'logs.amazonaws.com' }, { Resource: '*' }),
    fault: 'MalformedPolicyDocument 400 Has prohibited field Resource',
  },
  {
    name: 'a user that does not exist',
    trust: trusting({ AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` }),
    fault: `MalformedPolicyDocument 400 Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:user/nobody"`,
  },
  {
    name: 'more than 2,048 characters',
    trust: trusting({ AWS: Array.from({ length: 150 }, (_, index) => String(100_000_000_000 + index)) }),
    fault: 'LimitExceeded 409 Cannot exceed quota for ACLSizePerRole: 2048',
  },
])('a trust policy with $name makes no role', async ({ trust, fault }) => {
  expect(await faultOf(() => create('writer', trust))).toBe(fault)
  expect((await bench.call('ListRoles', {})).Roles).toEqual([])
})

test('whoever is deleted and made again is no longer trusted, and the trust policy shows the old id', async () => {
  await bench.createUser('bob')
  const arn = `arn:aws:iam::${ACCOUNT}:user/bob`
  await create('guarded', trusting({ AWS: [arn, '444455556666'] }))
  const role = () => bench.identity().role(`arn:aws:iam::${ACCOUNT}:role/guarded`)
  const before = await bench.call('GetUser', { UserName: 'bob' })
  expect(JSON.stringify([...((await role())?.trust.policy.statements[0]?.principal?.uniqueIds ?? [])])).toContain(
    before.User.UserId,
  )
  expect(await trustOf('guarded')).toContain(arn)
  await bench.call('DeleteUser', { UserName: 'bob' })
  await bench.createUser('bob')
  expect(await trustOf('guarded')).not.toContain(arn)
  expect(await trustOf('guarded')).toContain(before.User.UserId)
  await bench.call('UpdateAssumeRolePolicy', { RoleName: 'guarded', PolicyDocument: trusting({ AWS: arn }) })
  expect(await trustOf('guarded')).toContain(arn)
})

test('names are unique without case, and found with case', async () => {
  await create('Writer')
  expect(await faultOf(() => create('writer'))).toBe('EntityAlreadyExists 409 Role with name writer already exists.')
  expect(await faultOf(() => bench.call('GetRole', { RoleName: 'writer' }))).toBe(
    'NoSuchEntity 404 The role with name writer cannot be found.',
  )
})

test('a role with anything attached cannot be deleted until it is gone', async () => {
  await create('writer')
  const remove = () => bench.call('DeleteRole', { RoleName: 'writer' })
  const PolicyArn = 'arn:aws:iam::aws:policy/CloudWatchLogsFullAccess'
  await bench.call('PutRolePolicy', { RoleName: 'writer', PolicyName: 'p', PolicyDocument: allowing('logs:*') })
  await bench.call('AttachRolePolicy', { RoleName: 'writer', PolicyArn })
  await bench.call('CreateInstanceProfile', { InstanceProfileName: 'host' })
  await bench.call('AddRoleToInstanceProfile', { InstanceProfileName: 'host', RoleName: 'writer' })
  expect(await faultOf(remove)).toContain('must remove roles from instance profile first.')
  await bench.call('RemoveRoleFromInstanceProfile', { InstanceProfileName: 'host', RoleName: 'writer' })
  expect(await faultOf(remove)).toContain('must detach all policies first.')
  await bench.call('DetachRolePolicy', { RoleName: 'writer', PolicyArn })
  expect(await faultOf(remove)).toContain('must delete policies first.')
  await bench.call('DeleteRolePolicy', { RoleName: 'writer', PolicyName: 'p' })
  await remove()
  expect((await bench.call('ListRoles', {})).Roles).toEqual([])
})

test('description and longest session are changed, and the session length falls back to an hour', async () => {
  await create('writer', TO_LOGS, { MaxSessionDuration: 7_200 })
  await bench.call('UpdateRole', { RoleName: 'writer', Description: 'new' })
  expect((await bench.call('GetRole', { RoleName: 'writer' })).Role).toMatchObject({
    Description: 'new',
    MaxSessionDuration: 3_600,
  })
  const { Role } = await bench.call('UpdateRoleDescription', { RoleName: 'writer', Description: '' })
  expect(Role?.Description).toBe('')
})

test('paths that AWS keeps for itself cannot be used', async () => {
  expect(await faultOf(() => create('x', TO_LOGS, { Path: '/aws-service-role/mq.amazonaws.com/' }))).toContain(
    'ValidationError 400',
  )
})
