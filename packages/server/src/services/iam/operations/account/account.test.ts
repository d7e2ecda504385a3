import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { ACCOUNT, type Bench, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('an account has one alias, which no other account can take', async () => {
  const other = rootOf(accountId('444455556666'))
  const alias = async () => (await bench.call('ListAccountAliases', {})).AccountAliases
  await bench.call('CreateAccountAlias', { AccountAlias: 'acme' })
  expect(await faultOf(() => bench.call('CreateAccountAlias', { AccountAlias: 'acme' }, other))).toBe(
    'EntityAlreadyExists 409 The account alias acme already exists.',
  )
  await bench.call('CreateAccountAlias', { AccountAlias: 'acme-two' })
  expect(await alias()).toEqual(['acme-two'])
  await bench.call('CreateAccountAlias', { AccountAlias: 'acme' }, other)
  expect(await faultOf(() => bench.call('DeleteAccountAlias', { AccountAlias: 'acme' }))).toContain('NoSuchEntity 404')
  await bench.call('DeleteAccountAlias', { AccountAlias: 'acme-two' })
  expect(await alias()).toEqual([])
  expect(await faultOf(() => bench.call('CreateAccountAlias', { AccountAlias: '-no' }))).toContain('ValidationError')
})

test('the password policy is replaced as a whole, and is missing until it is set', async () => {
  const policy = async () => (await bench.call('GetAccountPasswordPolicy', {})).PasswordPolicy
  expect(await faultOf(policy)).toBe(
    `NoSuchEntity 404 The Password Policy with domain name ${ACCOUNT} cannot be found.`,
  )
  await bench.call('UpdateAccountPasswordPolicy', {
    MinimumPasswordLength: 14,
    RequireNumbers: true,
    MaxPasswordAge: 90,
  })
  expect(await policy()).toMatchObject({ MinimumPasswordLength: 14, RequireNumbers: true, ExpirePasswords: true })
  await bench.call('UpdateAccountPasswordPolicy', {})
  expect(await policy()).toMatchObject({ MinimumPasswordLength: 6, RequireNumbers: false, ExpirePasswords: false })
  await bench.call('DeleteAccountPasswordPolicy', {})
  expect(await faultOf(policy)).toContain('NoSuchEntity 404')
})

test('the summary counts what there is', async () => {
  await bench.createUser('bob')
  await bench.call('CreateGroup', { GroupName: 'g' })
  const { SummaryMap } = await bench.call('GetAccountSummary', {})
  expect(SummaryMap).toMatchObject({ Users: 1, Groups: 1, Roles: 0, UsersQuota: 5_000, AccountMFAEnabled: 0 })
})

test('authorization details hold users, groups, roles and policies, in pages over all of them', async () => {
  await bench.createUser('bob')
  await bench.call('CreateGroup', { GroupName: 'g' })
  await bench.call('AddUserToGroup', { UserName: 'bob', GroupName: 'g' })
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: allowing('mq:*') })
  await bench.call('CreateRole', {
    RoleName: 'r',
    AssumeRolePolicyDocument: trusting({ Service: 'logs.amazonaws.com' }),
  })
  await bench.call('CreatePolicy', { PolicyName: 'own', PolicyDocument: allowing('logs:*') })
  const filtered = await bench.call('GetAccountAuthorizationDetails', { Filter: ['User', 'LocalManagedPolicy'] })
  expect(filtered).toMatchObject({
    UserDetailList: [{ UserName: 'bob', GroupList: ['g'], UserPolicyList: [{ PolicyName: 'p' }] }],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [{ PolicyName: 'own', PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true }] }],
  })
  let seen = 0
  let Marker: string | undefined
  do {
    const page = await bench.call('GetAccountAuthorizationDetails', { MaxItems: 7, Marker })
    seen += [page.UserDetailList, page.GroupDetailList, page.RoleDetailList, page.Policies].flat().length
    Marker = page.Marker
  } while (Marker !== undefined)
  expect(seen).toBe(4 + 37)
})

test('a key tells when it was last used, and an inactive one is unknown', async () => {
  const bob = await bench.createUser('bob')
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  const { AccessKeyId } = AccessKey
  const last = async () => (await bench.call('GetAccessKeyLastUsed', { AccessKeyId })).AccessKeyLastUsed
  expect(await last()).toEqual({ ServiceName: 'N/A', Region: 'N/A' })
  const identity = bench.identity()
  identity.keyUsed?.(AccessKeyId, bench.clock.now(), 'logs', region('eu-west-1'), bob)
  await expect.poll(last).toMatchObject({ ServiceName: 'logs', Region: 'eu-west-1', LastUsedDate: bench.clock.now() })
  await bench.call('UpdateAccessKey', { UserName: 'bob', AccessKeyId, Status: 'Inactive' })
  expect(await identity.credentials(AccessKeyId)).toBeUndefined()
  await bench.call('UpdateAccessKey', { UserName: 'bob', AccessKeyId, Status: 'Active' })
  expect(await identity.credentials(AccessKeyId)).toBeDefined()
})

test('a renamed user keeps keys, groups, policies and id', async () => {
  await bench.createUser('bob')
  await bench.call('CreateGroup', { GroupName: 'g' })
  await bench.call('AddUserToGroup', { UserName: 'bob', GroupName: 'g' })
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess'
  await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn })
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  await bench.call('UpdateUser', { UserName: 'bob', NewUserName: 'robert', NewPath: '/dev/' })
  expect((await bench.identity().credentials(AccessKey.AccessKeyId))?.principal).toMatchObject({
    arn: `arn:aws:iam::${ACCOUNT}:user/dev/robert`,
  })
  expect((await bench.call('GetGroup', { GroupName: 'g' })).Users.map((user) => user.UserName)).toEqual(['robert'])
  const { PolicyUsers } = await bench.call('ListEntitiesForPolicy', { PolicyArn })
  expect(PolicyUsers?.map((user) => user.UserName)).toEqual(['robert'])
})
