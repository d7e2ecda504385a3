import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('keys come in order of creation, without secrets, page by page', async () => {
  const bob = await bench.createUser('bob')
  const first = await bench.call('CreateAccessKey', {}, bob)
  bench.clock.at += 60_000
  const second = await bench.call('CreateAccessKey', {}, bob)
  const [one, two] = [first, second].map(({ AccessKey: { SecretAccessKey: _secret, ...shown } }) => shown)
  expect(await bench.call('ListAccessKeys', { UserName: 'bob' })).toEqual({
    AccessKeyMetadata: [one, two],
    IsTruncated: false,
  })
  const page = await bench.call('ListAccessKeys', { MaxItems: 1 }, bob)
  expect(page).toMatchObject({ AccessKeyMetadata: [one], IsTruncated: true })
  expect(await bench.call('ListAccessKeys', { MaxItems: 1, Marker: page.Marker }, bob)).toEqual({
    AccessKeyMetadata: [two],
    IsTruncated: false,
  })
})

test('each sees its own keys only', async () => {
  await bench.createUser('alice')
  await bench.createUser('bob')
  await bench.call('CreateAccessKey', { UserName: 'bob' })
  await bench.call('CreateAccessKey', {}, rootOf(ACCOUNT))
  expect((await bench.call('ListAccessKeys', { UserName: 'alice' })).AccessKeyMetadata).toEqual([])
  expect((await bench.call('ListAccessKeys', {}, rootOf(ACCOUNT))).AccessKeyMetadata).toMatchObject([
    { UserName: ACCOUNT },
  ])
  expect(await faultOf(() => bench.call('ListAccessKeys', { UserName: 'carol' }))).toMatch(/^NoSuchEntity 404/)
})
