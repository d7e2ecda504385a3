import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import type { AccessScope } from '#kernel/service.ts'
import { iamService } from '#services/iam/index.ts'
import { ACCOUNT, type Bench, contextOf, faultOf, openBench, roleSession, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bob = await bench.createUser('bob', '/dev/')
})
afterEach(() => bench.close())

const scopeOf = (principal: Principal): AccessScope => contextOf(principal)

/** The checks of an operation, by its name. */
async function checksOf(operation: string, input: object, principal: Principal = rootOf(ACCOUNT)) {
  const access = Object.entries(bench.access).find(([name]) => name === operation)?.[1]
  if (access === undefined || access.checks === 'none') throw new Error(`${operation} has no checks`)
  return access.checks(input as never, scopeOf(principal))
}

test('every operation has one action of its own name and is a management call; reads are marked so', () => {
  const { operations, access } = iamService({ records: bench.records, sealer: bench.sealer, tokens: bench.tokens })
  expect(Object.keys(access).toSorted()).toEqual(Object.keys(operations).toSorted())
  for (const [name, { category, readOnly }] of Object.entries(access)) {
    expect(category).toBe('management')
    expect(readOnly).toBe(/^(Get|List|Simulate|Generate)/.test(name))
  }
})

test.each([
  'GetUser',
  'DeleteUser',
  'CreateAccessKey',
  'DeleteAccessKey',
  'ListAccessKeys',
  'PutUserPolicy',
  'GetUserPolicy',
  'DeleteUserPolicy',
  'ListUserPolicies',
])('%s is checked against the ARN of the user with its path, and denials print the name', async (operation) => {
  const [check, ...more] = await checksOf(operation, { UserName: 'bob' }, roleSession)
  expect(more).toEqual([])
  expect(check).toMatchObject({
    action: `iam:${operation}`,
    resource: 'arn:aws:iam::111122223333:user/dev/bob',
    shownAs: 'user bob',
  })
})

test('the tags of a user are condition keys', async () => {
  await bench.call('CreateUser', { UserName: 'tagged', Tags: [{ Key: 'team', Value: 'orders' }] })
  const [check] = await checksOf('DeleteUser', { UserName: 'tagged' })
  expect(check?.context).toEqual({ 'aws:ResourceTag/team': 'orders', 'iam:ResourceTag/team': 'orders' })
})

test('a user that does not exist, or is written in another case, is checked as a user without a path', async () => {
  expect(await checksOf('GetUser', { UserName: 'nobody' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:user/nobody' },
  ])
  expect(await checksOf('GetUser', { UserName: 'BOB' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:user/BOB' },
  ])
})

test('without a name the caller is the resource, and a role session is told to give one', async () => {
  const [own] = await checksOf('GetUser', {}, bob)
  expect(own).toMatchObject({ resource: 'arn:aws:iam::111122223333:user/dev/bob' })
  expect(own).not.toHaveProperty('shownAs')
  expect(await checksOf('CreateAccessKey', {})).toEqual([
    { action: 'iam:CreateAccessKey', resource: 'arn:aws:iam::111122223333:root' },
  ])
  expect(await faultOf(() => checksOf('GetUser', {}, roleSession))).toMatch(
    /^ValidationError 400 Must specify userName/,
  )
})

test('CreateUser is checked against the ARN to be, and tags need a permission of their own', async () => {
  expect(await checksOf('CreateUser', { UserName: 'eve', Path: '/ops/' })).toEqual([
    { action: 'iam:CreateUser', resource: 'arn:aws:iam::111122223333:user/ops/eve' },
  ])
  const boundary = 'arn:aws:iam::111122223333:policy/limits'
  const tagged = {
    UserName: 'eve',
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
    PermissionsBoundary: boundary,
  }
  const context = {
    'aws:RequestTag/a': '1',
    'aws:RequestTag/b': '2',
    'aws:ResourceTag/a': '1',
    'aws:ResourceTag/b': '2',
    'iam:ResourceTag/a': '1',
    'iam:ResourceTag/b': '2',
    'aws:TagKeys': ['a', 'b'],
    'iam:PermissionsBoundary': boundary,
  }
  expect(await checksOf('CreateUser', tagged)).toEqual([
    { action: 'iam:CreateUser', resource: 'arn:aws:iam::111122223333:user/eve', context },
    { action: 'iam:TagUser', resource: 'arn:aws:iam::111122223333:user/eve', context },
  ])
})

test('a new name or path takes the permission on the old and on the new ARN', async () => {
  expect(await checksOf('UpdateUser', { UserName: 'bob' })).toHaveLength(1)
  expect(await checksOf('UpdateUser', { UserName: 'bob', NewUserName: 'eve' })).toMatchObject([
    { action: 'iam:UpdateUser', resource: 'arn:aws:iam::111122223333:user/dev/bob' },
    { action: 'iam:UpdateUser', resource: 'arn:aws:iam::111122223333:user/dev/eve' },
  ])
  expect(await checksOf('UpdateUser', { UserName: 'bob', NewPath: '/ops/a/' })).toMatchObject([
    {},
    { resource: 'arn:aws:iam::111122223333:user/ops/a/bob' },
  ])
  expect(await checksOf('UpdateGroup', { GroupName: 'g', NewGroupName: 'h' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:group/g' },
    { resource: 'arn:aws:iam::111122223333:group/h' },
  ])
  const certificate = { ServerCertificateName: 'c', NewServerCertificateName: 'd', NewPath: '/x/' }
  expect(await checksOf('UpdateServerCertificate', certificate)).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:server-certificate/c' },
    { resource: 'arn:aws:iam::111122223333:server-certificate/x/d' },
  ])
})

test('ListUsers is checked against the path', async () => {
  expect(await checksOf('ListUsers', {})).toEqual([
    { action: 'iam:ListUsers', resource: 'arn:aws:iam::111122223333:user/' },
  ])
  expect(await checksOf('ListUsers', { PathPrefix: '/dev/' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:user/dev/' },
  ])
})

test('the last use of a key is checked against its holder, and the deletion of a role against the role', async () => {
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  expect(await checksOf('GetAccessKeyLastUsed', { AccessKeyId: AccessKey?.AccessKeyId })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:user/dev/bob', shownAs: 'user bob' },
  ])
  expect(await checksOf('GetAccessKeyLastUsed', { AccessKeyId: 'AKIAUNKNOWN' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:user/*' },
  ])
  const { DeletionTaskId } = await bench
    .call('CreateServiceLinkedRole', { AWSServiceName: 'mq.amazonaws.com' })
    .then(() => bench.call('DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForAmazonMQ' }))
  expect(await checksOf('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ' },
  ])
  expect(await checksOf('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId: 'task/none' })).toMatchObject([
    { resource: 'arn:aws:iam::111122223333:role/*' },
  ])
})

test('records name the user, the key and the policy', () => {
  const { access } = bench
  const scope = scopeOf(bob)
  const user = { type: 'AWS::IAM::User', name: 'bob' }
  const key = { type: 'AWS::IAM::AccessKey', name: 'AKIAEXAMPLE' }
  expect(access.CreateUser?.resources?.({ UserName: 'bob' }, undefined, scope)).toEqual([user])
  expect(access.GetUser?.resources?.({}, undefined, scope)).toEqual([user])
  expect(access.GetUser?.resources?.({}, undefined, scopeOf(rootOf(ACCOUNT)))).toEqual([])
  expect(access.CreateAccessKey?.resources?.({}, { AccessKey: { AccessKeyId: 'AKIAEXAMPLE' } }, scope)).toEqual([
    user,
    key,
  ])
  expect(access.CreateAccessKey?.resources?.({}, undefined, scope)).toEqual([user])
  expect(access.DeleteAccessKey?.resources?.({ AccessKeyId: 'AKIAEXAMPLE' }, undefined, scope)).toEqual([user, key])
  const policy = { UserName: 'bob', PolicyName: 'write', PolicyDocument: '{}' }
  expect(access.PutUserPolicy?.resources?.(policy, undefined, scope)).toEqual([
    user,
    { type: 'AWS::IAM::Policy', name: 'write' },
  ])
})

test('the secret of a new key is masked in records, and IAM is recorded as a global service', () => {
  const { secrets, global, eventSource } = iamService({
    records: bench.records,
    sealer: bench.sealer,
    tokens: bench.tokens,
  })
  expect(secrets).toMatchObject({
    CreateAccessKey: ['SecretAccessKey'],
    CreateLoginProfile: ['Password'],
    ChangePassword: ['OldPassword', 'NewPassword'],
    CreateVirtualMFADevice: ['Base32StringSeed', 'QRCodePNG'],
  })
  expect({ global, eventSource }).toEqual({ global: true, eventSource: 'iam.amazonaws.com' })
})
