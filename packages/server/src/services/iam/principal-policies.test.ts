import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, type Bench, openBench, rootOf } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const names = (policies: readonly { readonly name: string }[] | undefined) => policies?.map(({ name }) => name)

test('a principal without boundary and session policies has none, which is not the same as empty ones', async () => {
  const bob = await bench.createUser('bob')
  expect(await bench.identity().profile(bob)).toEqual({ identity: [], tags: [] })
  expect(await bench.identity().profile(rootOf(ACCOUNT))).toEqual({ identity: [], tags: [] })
})

test('the boundary of a user and of a role is the version in force of its policy', async () => {
  const bob = await bench.createUser('bob')
  const { Policy } = await bench.call('CreatePolicy', { PolicyName: 'edge', PolicyDocument: allowing('mq:*') })
  const PermissionsBoundary = Policy?.Arn ?? ''
  const { Role } = await bench.call('CreateRole', {
    RoleName: 'r',
    AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }),
    PermissionsBoundary,
  })
  await bench.call('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary })
  const session: Principal = {
    kind: 'role',
    account: ACCOUNT,
    roleArn: Role.Arn,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
    roleName: 'r',
    roleId: Role.RoleId,
    sessionName: 's',
    issuedAt: 0,
  }
  for (const principal of [bob, session]) {
    const { boundary } = await bench.identity().profile(principal)
    expect(names(boundary)).toEqual(['edge'])
    expect(boundary?.[0]?.arn).toBe(PermissionsBoundary)
  }
  await bench.call('CreatePolicyVersion', {
    PolicyArn: PermissionsBoundary,
    PolicyDocument: allowing('logs:*'),
    SetAsDefault: true,
  })
  const { boundary } = await bench.identity().profile(bob)
  expect(JSON.stringify(boundary?.[0]?.policy.statements)).toContain('logs:')
})

test('a policy that is in use and gone ends the request: it may have held a Deny', async () => {
  const bob = await bench.createUser('bob')
  const { Policy } = await bench.call('CreatePolicy', { PolicyName: 'own', PolicyDocument: allowing('mq:*') })
  await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: Policy?.Arn ?? '' })
  const [stored] = await bench.records.listAll('iam.policy')
  if (stored === undefined) throw new Error('the policy is not there')
  await bench.records.commit([{ kind: 'delete', key: stored.key }])
  await expect(bench.identity().profile(bob)).rejects.toThrow('is in use, but does not exist')
})

test('a user made again under the same name has none of the old policies', async () => {
  const old = await bench.createUser('bob')
  await bench.call('DeleteUser', { UserName: 'bob' })
  const bob = await bench.createUser('bob')
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: allowing('mq:*') })
  expect(names((await bench.identity().profile(bob)).identity)).toEqual(['p'])
  expect(names((await bench.identity().profile(old)).identity)).toEqual([])
})
