import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, NOW, faultOf, openBench, roleSession, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('without a name a user hears about itself', async () => {
  const bob = await bench.createUser('bob', '/dev/')
  const { User } = await bench.call('GetUser', {}, bob)
  expect(User).toMatchObject({ UserName: 'bob', Arn: bob.kind === 'user' ? bob.arn : '' })
})

test('without a name root hears about the root user, whose date stays the same', async () => {
  const first = await bench.call('GetUser', {}, rootOf(ACCOUNT))
  expect(first.User).toEqual({
    UserId: ACCOUNT,
    Arn: 'arn:aws:iam::111122223333:root',
    CreateDate: Math.floor(NOW / 1_000) * 1_000,
  })
  bench.clock.at += 3_600_000
  expect(await bench.call('GetUser', {}, rootOf(ACCOUNT))).toEqual(first)
})

test('without a name a role session is told to give one', async () => {
  expect(await faultOf(() => bench.call('GetUser', {}, roleSession))).toBe(
    'ValidationError 400 Must specify userName when calling with non-User credentials',
  )
})

test('a user that does not exist, or differs in case, cannot be found', async () => {
  await bench.createUser('bob')
  expect(await faultOf(() => bench.call('GetUser', { UserName: 'alice' }))).toBe(
    'NoSuchEntity 404 The user with name alice cannot be found.',
  )
  expect(await faultOf(() => bench.call('GetUser', { UserName: 'BOB' }))).toBe(
    'NoSuchEntity 404 The user with name BOB cannot be found.',
  )
})
