import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('a deleted key is unknown at once, and makes room for another', async () => {
  const bob = await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', {}, bob)
  await bench.call('CreateAccessKey', {}, bob)
  expect(await bench.call('DeleteAccessKey', { AccessKeyId: AccessKey.AccessKeyId }, bob)).toEqual({})
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toBeUndefined()
  expect((await bench.call('CreateAccessKey', {}, bob)).AccessKey.Status).toBe('Active')
})

test('a key of somebody else, or of nobody, cannot be found and stays', async () => {
  await bench.createUser('alice')
  const bob = await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const id = AccessKey.AccessKeyId
  const notFound = `NoSuchEntity 404 The Access Key with id ${id} cannot be found.`
  expect(await faultOf(() => bench.call('DeleteAccessKey', { UserName: 'alice', AccessKeyId: id }))).toBe(notFound)
  expect(await faultOf(() => bench.call('DeleteAccessKey', { AccessKeyId: id }, rootOf(ACCOUNT)))).toBe(notFound)
  expect(await bench.identity().credentials(id)).toMatchObject({ principal: { userName: 'bob' } })
  await bench.call('DeleteAccessKey', { AccessKeyId: id }, bob)
  expect(await faultOf(() => bench.call('DeleteAccessKey', { AccessKeyId: id }, bob))).toBe(notFound)
})

test('root can give up a key of its own', async () => {
  const { AccessKey } = await bench.call('CreateAccessKey', {}, rootOf(ACCOUNT))
  await bench.call('DeleteAccessKey', { AccessKeyId: AccessKey.AccessKeyId }, rootOf(ACCOUNT))
  expect(await bench.records.listAll('iam.access-key')).toEqual([])
})
