import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}'

test('a user with nothing attached is deleted, and its name is free for another user with another id', async () => {
  const before = await bench.createUser('bob')
  expect(await bench.call('DeleteUser', { UserName: 'bob' })).toEqual({})
  expect(await faultOf(() => bench.call('GetUser', { UserName: 'bob' }))).toMatch(/^NoSuchEntity/)
  const after = await bench.createUser('bob')
  expect(after).not.toEqual(before)
})

test('a user with policies or access keys cannot be deleted until they are gone', async () => {
  await bench.createUser('bob')
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: ALLOW })
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const remove = () => bench.call('DeleteUser', { UserName: 'bob' })
  expect(await faultOf(remove)).toBe('DeleteConflict 409 Cannot delete entity, must delete policies first.')
  await bench.call('DeleteUserPolicy', { UserName: 'bob', PolicyName: 'p' })
  expect(await faultOf(remove)).toBe('DeleteConflict 409 Cannot delete entity, must delete access keys first.')
  await bench.call('DeleteAccessKey', { UserName: 'bob', AccessKeyId: AccessKey.AccessKeyId })
  expect(await remove()).toEqual({})
})

test('a key made while its user is being deleted is never left behind', async () => {
  await bench.createUser('bob')
  const [key, deletion] = await Promise.allSettled([
    bench.call('CreateAccessKey', { UserName: 'bob' }),
    bench.call('DeleteUser', { UserName: 'bob' }),
  ])
  expect([key.status, deletion.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const keys = await bench.records.listAll('iam.access-key')
  expect(keys).toHaveLength(key.status === 'fulfilled' ? 1 : 0)
})

test('a user that does not exist cannot be deleted', async () => {
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toBe(
    'NoSuchEntity 404 The user with name bob cannot be found.',
  )
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'b b' }))).toMatch(/^ValidationError 400/)
})
