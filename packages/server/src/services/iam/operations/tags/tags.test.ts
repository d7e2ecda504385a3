import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(async () => {
  bench = openBench()
  await bench.createUser('bob')
  await bench.call('CreateRole', {
    RoleName: 'writer',
    AssumeRolePolicyDocument: trusting({ Service: 'logs.amazonaws.com' }),
  })
  await bench.call('CreatePolicy', { PolicyName: 'writer', PolicyDocument: allowing('logs:*') })
  await bench.call('CreateInstanceProfile', { InstanceProfileName: 'host' })
})
afterEach(() => bench.close())

const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/writer`
const KINDS = [
  { kind: 'User', named: { UserName: 'bob' } },
  { kind: 'Role', named: { RoleName: 'writer' } },
  { kind: 'Policy', named: { PolicyArn } },
  { kind: 'InstanceProfile', named: { InstanceProfileName: 'host' } },
] as const

test.each(KINDS)('a $kind is tagged, listed and untagged; keys have no case', async ({ kind, named }) => {
  const call = (operation: string, input: object) => bench.call(operation as 'TagUser', { ...named, ...input } as never)
  const tags = async () => ((await call(`List${kind}Tags`, {})) as { readonly Tags?: unknown }).Tags
  await call(`Tag${kind}`, {
    Tags: [
      { Key: 'team', Value: 'a' },
      { Key: 'env', Value: 'test' },
    ],
  })
  await call(`Tag${kind}`, { Tags: [{ Key: 'Team', Value: 'b' }] })
  expect(await tags()).toEqual([
    { Key: 'Team', Value: 'b' },
    { Key: 'env', Value: 'test' },
  ])
  await call(`Untag${kind}`, { TagKeys: ['TEAM', 'unknown'] })
  expect(await tags()).toEqual([{ Key: 'env', Value: 'test' }])
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${String(index)}`, Value: '' }))
  expect(await faultOf(() => call(`Tag${kind}`, { Tags: many }))).toBe(
    'LimitExceeded 409 The number of tags has reached the maximum limit.',
  )
  expect(await faultOf(() => call(`Tag${kind}`, { Tags: [{ Key: 'aws:x', Value: '' }] }))).toContain('InvalidInput 400')
  expect(await tags()).toEqual([{ Key: 'env', Value: 'test' }])
})

test('tags of users and roles are tags of the principal', async () => {
  const bob = await bench.createUser('ann')
  await bench.call('TagUser', { UserName: 'ann', Tags: [{ Key: 'team', Value: 'orders' }] })
  expect((await bench.identity().profile(bob)).tags).toEqual([{ Key: 'team', Value: 'orders' }])
})
