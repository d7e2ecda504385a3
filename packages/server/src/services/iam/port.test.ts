import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { keySealer } from '#kernel/secrets.ts'
import { accessKeyKey, roleKey, userKey } from '#services/iam/records.ts'
import { ACCOUNT, type Bench, NOW, openBench, roleSession, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}'
const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logs.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
const root = (account: string, accessKeyId: string, secret: string) => ({
  account: accountId(account),
  accessKeyId,
  secret,
})

test('on loopback test is root of 000000000000, and twelve digits are root of that account', async () => {
  const identity = bench.identity({ loopback: true })
  expect(await identity.credentials('test')).toEqual({
    principal: { kind: 'root', account: '000000000000', arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'test' },
    secret: 'test',
  })
  expect(await identity.credentials('123456789012')).toEqual({
    principal: {
      kind: 'root',
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:root',
      accessKeyId: '123456789012',
    },
    secret: 'test',
  })
  for (const unknown of ['Test', 'test2', '12345678901', '1234567890123', '', 'AKIAIOSFODNN7EXAMPLE']) {
    expect(await identity.credentials(unknown)).toBeUndefined()
  }
})

test('bound to anything else, neither is known', async () => {
  const identity = bench.identity({ loopback: false })
  expect(await identity.credentials('test')).toBeUndefined()
  expect(await identity.credentials('000000000000')).toBeUndefined()
})

test('configured root keys work everywhere and come first', async () => {
  const rootKeys = [root('444455556666', 'AKIASUITE', 'suite-secret'), root('777788889999', '000000000000', 'other')]
  for (const loopback of [true, false]) {
    const identity = bench.identity({ loopback, rootKeys })
    expect(await identity.credentials('AKIASUITE')).toMatchObject({
      principal: { kind: 'root', account: '444455556666' },
      secret: 'suite-secret',
    })
    expect(await identity.credentials('000000000000')).toMatchObject({
      principal: { account: '777788889999' },
      secret: 'other',
    })
  }
})

test('root keys that share an id, or have the secret everybody knows where others reach it, stop the start', () => {
  const twice = [root('444455556666', 'AKIAONE', 'first'), root('777788889999', 'AKIAONE', 'second')]
  expect(() => bench.identity({ rootKeys: twice })).toThrow('two root keys have the access key id AKIAONE')
  const known = [root('444455556666', 'AKIATWO', 'test')]
  expect(() => bench.identity({ rootKeys: known, loopback: false })).toThrow('a secret that everybody knows')
  expect(() => bench.identity({ rootKeys: known, loopback: true })).not.toThrow()
})

test('an inactive key is unknown', async () => {
  await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const key = accessKeyKey(ACCOUNT, AccessKey.AccessKeyId)
  const stored = await bench.records.get<object>(key)
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toBeDefined()
  await bench.records.commit([{ kind: 'put', key, value: { ...stored?.value, status: 'Inactive' } }])
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toBeUndefined()
})

test('a key whose user is gone, or is another user of the same name, is unknown', async () => {
  await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const user = await bench.records.get<object>(userKey(ACCOUNT, 'bob'))
  await bench.records.commit([
    { kind: 'put', key: userKey(ACCOUNT, 'bob'), value: { ...user?.value, userId: 'AIDASOMEBODYELSE' } },
  ])
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toBeUndefined()
  await bench.records.commit([{ kind: 'delete', key: userKey(ACCOUNT, 'bob') }])
  expect(await bench.identity().credentials(AccessKey.AccessKeyId)).toBeUndefined()
})

test('a secret sealed under another key, or moved from another record, is not opened', async () => {
  await bench.createUser('bob')
  const { AccessKey: first } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const { AccessKey: second } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const sealer = keySealer(randomBytes(32))
  await expect(bench.identity({ sealer }).credentials(first.AccessKeyId)).rejects.toThrow()
  const moved = await bench.records.get(accessKeyKey(ACCOUNT, first.AccessKeyId))
  await bench.records.commit([{ kind: 'put', key: accessKeyKey(ACCOUNT, second.AccessKeyId), value: moved?.value }])
  await expect(bench.identity().credentials(second.AccessKeyId)).rejects.toThrow()
})

test('root and services have no identity policies; a user has its own, by name', async () => {
  const bob = await bench.createUser('bob')
  for (const PolicyName of ['read', 'write'])
    await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName, PolicyDocument: ALLOW })
  const identity = bench.identity()
  expect((await identity.profile(bob)).identity.map((attached) => attached.name).toSorted()).toEqual(['read', 'write'])
  expect((await identity.profile(rootOf(ACCOUNT))).identity).toEqual([])
  expect((await identity.profile({ ...bob, userId: 'AIDASOMEBODYELSE' } as typeof bob)).identity).toEqual([])
  const service = {
    kind: 'service',
    account: ACCOUNT,
    service: 'mq.amazonaws.com',
    sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
    sourceAccount: ACCOUNT,
  } as const
  expect((await identity.profile(service)).identity).toEqual([])
})

test('a stored policy that cannot be read ends the request instead of being passed over', async () => {
  const bob = await bench.createUser('bob')
  const user = await bench.records.get<object>(userKey(ACCOUNT, 'bob'))
  await bench.records.commit([
    { kind: 'put', key: userKey(ACCOUNT, 'bob'), value: { ...user?.value, policies: { broken: '{' } } },
  ])
  await expect(bench.identity().profile(bob)).rejects.toThrow()
})

test('a role is found by its whole ARN only, with its trust and inline policies', async () => {
  const { roleArn, roleId } = roleSession.kind === 'role' ? roleSession : { roleArn: '', roleId: '' }
  const value = {
    roleName: 'deployer',
    roleId,
    path: '/ops/',
    createdAt: NOW,
    trust: TRUST,
    policies: { write: ALLOW },
  }
  await bench.records.commit([{ kind: 'put', key: roleKey(ACCOUNT, 'deployer'), value }])
  const identity = bench.identity()
  expect(await identity.role(roleArn)).toMatchObject({
    roleName: 'deployer',
    roleId,
    account: ACCOUNT,
    trust: { arn: roleArn, policy: { kind: 'trust' } },
  })
  for (const other of [
    'arn:aws:iam::111122223333:role/deployer',
    'arn:aws:iam::111122223333:role/ops/Deployer',
    'arn:aws:iam::444455556666:role/ops/deployer',
    'arn:aws:iam::111122223333:user/ops/deployer',
    'deployer',
    '',
  ]) {
    expect(await identity.role(other)).toBeUndefined()
  }
  expect((await identity.profile(roleSession)).identity.map((attached) => attached.name)).toEqual(['write'])
  expect((await identity.profile({ ...roleSession, roleId: 'AROAANOTHER' } as typeof roleSession)).identity).toEqual([])
})
