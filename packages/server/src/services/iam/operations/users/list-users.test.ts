import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { ACCOUNT, type Bench, NOW, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'
import { userKey } from '#services/iam/records.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const namesOf = async (input: Parameters<Bench['call']>[1]): Promise<readonly string[]> =>
  (await bench.call('ListUsers', input)).Users.map((user) => user.UserName)

test('users come by name and without tags, and only those of the path', async () => {
  await bench.call('CreateUser', { UserName: 'zoe', Tags: [{ Key: 'team', Value: 'orders' }] })
  await bench.createUser('Bob', '/dev/')
  await bench.createUser('alice', '/dev/eu/')
  await bench.createUser('carol', '/device/')
  expect(await namesOf({})).toEqual(['alice', 'Bob', 'carol', 'zoe'])
  expect(await namesOf({ PathPrefix: '/dev' })).toEqual(['alice', 'Bob', 'carol'])
  expect(await namesOf({ PathPrefix: '/dev/' })).toEqual(['alice', 'Bob'])
  const { Users } = await bench.call('ListUsers', {})
  expect(Users.some((user) => 'Tags' in user)).toBe(false)
})

test('pages follow each other without gap or repetition until there are no more', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await bench.createUser(name, name === 'c' ? '/other/' : '/dev/')
  const first = await bench.call('ListUsers', { PathPrefix: '/dev/', MaxItems: 2 })
  expect(first).toMatchObject({ IsTruncated: true, Users: [{ UserName: 'a' }, { UserName: 'b' }] })
  const second = await bench.call('ListUsers', { PathPrefix: '/dev/', MaxItems: 2, Marker: first.Marker })
  expect(second).toEqual({
    IsTruncated: false,
    Users: [expect.objectContaining({ UserName: 'd' }), expect.objectContaining({ UserName: 'e' })],
  })
})

test('a page reaches over more users than are read at once', async () => {
  const value = {
    userName: 'x',
    userId: 'AIDA',
    path: '/many/',
    createdAt: NOW,
    tags: [],
    accessKeyIds: [],
    policies: {},
  }
  const names = Array.from({ length: 2_100 }, (_, n) => `user-${String(n).padStart(4, '0')}`)
  await bench.records.commit(
    names.map((name, n) => ({
      kind: 'put',
      key: userKey(ACCOUNT, name),
      value: { ...value, userName: name, path: n % 1_000 === 999 ? '/few/' : '/many/' },
    })),
  )
  expect(await namesOf({ PathPrefix: '/few/' })).toEqual(['user-0999', 'user-1999'])
  expect(await namesOf({})).toHaveLength(100)
})

test('a marker of another list, another account, or another day is refused', async () => {
  for (const name of ['a', 'b']) await bench.createUser(name)
  const { Marker } = await bench.call('ListUsers', { MaxItems: 1 })
  const other = rootOf(accountId('444455556666'))
  for (const run of [
    () => bench.call('ListUsers', { Marker, PathPrefix: '/x/' }),
    () => bench.call('ListUsers', { Marker }, other),
    () => bench.call('ListUsers', { Marker: 'b' }),
    () => bench.call('ListUserPolicies', { UserName: 'a', Marker }),
  ]) {
    expect(await faultOf(run)).toMatch(/^ValidationError 400 The specified value for marker is invalid/)
  }
  bench.clock.at += 24 * 60 * 60 * 1_000
  expect(await faultOf(() => bench.call('ListUsers', { Marker }))).toMatch(/^ValidationError 400/)
})

test('a path prefix that is none is refused', async () => {
  expect(await faultOf(() => bench.call('ListUsers', { PathPrefix: 'dev/' }))).toMatch(
    /^ValidationError 400 The specified value for pathPrefix is invalid/,
  )
})
