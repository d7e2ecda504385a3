import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOfAccessKeyId } from '#services/iam/iam-ids.ts'
import { ACCOUNT, type Bench, NOW, faultOf, openBench, roleSession, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('a key is active, names its account, and works with the secret of the answer', async () => {
  const bob = await bench.createUser('bob', '/dev/')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  expect(AccessKey).toEqual({
    UserName: 'bob',
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    Status: 'Active',
    CreateDate: Math.floor(NOW / 1_000) * 1_000,
  })
  expect(accountOfAccessKeyId(AccessKey.AccessKeyId)).toBe(ACCOUNT)
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toEqual({
    principal: { ...bob, accessKeyId: AccessKey.AccessKeyId },
    secret: AccessKey.SecretAccessKey,
  })
})

test('no byte on the disk holds the secret', async () => {
  await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  expect(bench.written()).toContain(AccessKey.AccessKeyId)
  expect(bench.written()).not.toContain(AccessKey.SecretAccessKey)
})

test('without a name a user and root make a key of their own, and a role session is told to give one', async () => {
  const bob = await bench.createUser('bob')
  expect((await bench.call('CreateAccessKey', {}, bob)).AccessKey.UserName).toBe('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', {}, rootOf(ACCOUNT))
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toMatchObject({
    principal: { kind: 'root', account: ACCOUNT },
  })
  expect(await faultOf(() => bench.call('CreateAccessKey', {}, roleSession))).toMatch(
    /^ValidationError 400 Must specify userName/,
  )
})

test('a user has two keys at most, however many requests come at once', async () => {
  await bench.createUser('bob')
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => bench.call('CreateAccessKey', { UserName: 'bob' })),
  )
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(2)
  expect(await faultOf(() => bench.call('CreateAccessKey', { UserName: 'bob' }))).toBe(
    'LimitExceeded 409 Cannot exceed quota for AccessKeysPerUser: 2',
  )
  expect(await bench.records.listAll('iam.access-key')).toHaveLength(2)
})

test('a user that does not exist gets no key', async () => {
  expect(await faultOf(() => bench.call('CreateAccessKey', { UserName: 'bob' }))).toBe(
    'NoSuchEntity 404 The user with name bob cannot be found.',
  )
  expect(await bench.records.listAll('iam.access-key')).toEqual([])
})
