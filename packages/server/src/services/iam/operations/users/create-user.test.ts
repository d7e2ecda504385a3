import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { MAX_USERS } from '#services/iam/limits.ts'
import { userKey } from '#services/iam/records.ts'
import { ACCOUNT, type Bench, NOW, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('a user is answered and kept with its id, path, ARN, whole-second date and tags', async () => {
  const tags = [{ Key: 'team', Value: 'orders' }]
  const { User } = await bench.call('CreateUser', { UserName: 'Bob+1@x.y', Path: '/dev/eu/', Tags: tags })
  expect(User).toEqual({
    UserName: 'Bob+1@x.y',
    Path: '/dev/eu/',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: 'arn:aws:iam::111122223333:user/dev/eu/Bob+1@x.y',
    CreateDate: Math.floor(NOW / 1_000) * 1_000,
    Tags: tags,
  })
  expect(await bench.call('GetUser', { UserName: 'Bob+1@x.y' })).toEqual({ User })
})

test('names are unique without case in an account, and free again in another account', async () => {
  await bench.createUser('bob')
  expect(await faultOf(() => bench.call('CreateUser', { UserName: 'BOB' }))).toBe(
    'EntityAlreadyExists 409 User with name BOB already exists.',
  )
  const { User } = await bench.call('CreateUser', { UserName: 'bob' }, rootOf(accountId('444455556666')))
  expect(User?.Arn).toBe('arn:aws:iam::444455556666:user/bob')
})

test('of two requests for one name at once exactly one makes the user', async () => {
  const outcomes = await Promise.allSettled(['bob', 'Bob', 'BOB'].map((name) => bench.createUser(name)))
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  expect((await bench.call('ListUsers', {})).Users).toHaveLength(1)
})

test.each([
  {
    name: 'a name with a space',
    input: { UserName: 'bob smith' },
    fault: /^ValidationError 400 The specified value for userName is invalid/,
  },
  {
    name: 'a name with a slash',
    input: { UserName: 'dev/bob' },
    fault: /^ValidationError 400 The specified value for userName is invalid/,
  },
  {
    name: 'a name with a line break at its end',
    input: { UserName: 'bob\n' },
    fault: /^ValidationError 400 The specified value for userName/,
  },
  {
    name: 'a path without slashes',
    input: { UserName: 'bob', Path: 'dev' },
    fault: /^ValidationError 400 The specified value for path is invalid/,
  },
  {
    name: 'a path that does not end with a slash',
    input: { UserName: 'bob', Path: '/dev' },
    fault: /^ValidationError 400 The specified value for path/,
  },
  ...['/aws-service-role/mq.amazonaws.com/', '/aws-reserved/sso.amazonaws.com/'].map((Path) => ({
    name: `the path ${Path}`,
    input: { UserName: 'bob', Path },
    fault: /^ValidationError 400 .* Paths that begin with \/aws-[a-z-]+\/ are reserved for AWS\.$/,
  })),
  {
    name: 'tag keys that differ in case only',
    input: {
      UserName: 'bob',
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'A', Value: '' },
      ],
    },
    fault: /^InvalidInput 400 Duplicate tag keys found/,
  },
  {
    name: 'a tag key that AWS keeps for itself',
    input: { UserName: 'bob', Tags: [{ Key: 'AWS:x', Value: '' }] },
    fault: /^InvalidInput 400 aws: prefixed tag key names/,
  },
  {
    name: 'a boundary that does not exist',
    input: { UserName: 'bob', PermissionsBoundary: 'arn:aws:iam::111122223333:policy/limits' },
    fault:
      /^NoSuchEntity 404 Scope ARN: arn:aws:iam::111122223333:policy\/limits does not exist or is not attachable\.$/,
  },
])('$name is refused and makes no user', async ({ input, fault }) => {
  expect(await faultOf(() => bench.call('CreateUser', input))).toMatch(fault)
  expect(await bench.call('ListUsers', {})).toEqual({ Users: [], IsTruncated: false })
})

test('an account holds 5,000 users and no more', async () => {
  const { User } = await bench.call('CreateUser', { UserName: 'first' })
  const names = Array.from({ length: MAX_USERS - 1 }, (_, n) => `user-${String(n)}`)
  const value = {
    userName: 'copy',
    userId: User?.UserId,
    path: '/',
    createdAt: NOW,
    tags: [],
    accessKeyIds: [],
    policies: {},
  }
  await bench.records.commit(names.map((name) => ({ kind: 'put', key: userKey(ACCOUNT, name), value })))
  expect(await faultOf(() => bench.call('CreateUser', { UserName: 'last' }))).toBe(
    'LimitExceeded 409 Cannot exceed quota for UsersPerAccount: 5000',
  )
  await bench.call('DeleteUser', { UserName: 'first' })
  expect((await bench.call('CreateUser', { UserName: 'last' })).User?.UserName).toBe('last')
})
