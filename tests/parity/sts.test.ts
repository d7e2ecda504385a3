import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetUserCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, createGroup, document, listBrokers, newUser, refusalOf, withSession } from './people.ts'

const ACCOUNT = '111122223333'
const OTHER = '444455556666'
const platform = filePlatform({ env: { SLUICE_TESTING: '1' } })
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })
const other = platform.clients({ accessKeyId: OTHER, secret: 'test' })

const arnOf = (role: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${role}`

async function newRole(
  owner: Clients,
  RoleName: string,
  trust: object,
  ...statements: readonly object[]
): Promise<void> {
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Action: 'sts:AssumeRole', ...trust })
  await owner.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  if (statements.length > 0)
    await owner.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: document(...statements) }),
    )
}

const assume = (caller: Clients, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  caller.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ci', ...more }))
const session = async (
  caller: Clients,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Clients> => withSession(platform, (await assume(caller, RoleArn, more)).Credentials)

describe('assuming a role', () => {
  test('a user that the trust policy names needs nothing else, and then has the permissions of the role', async () => {
    const user = await newUser(platform, aws, 'named')
    await newRole(
      aws,
      'named-role',
      { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/named` } },
      allow('mq:ListBrokers'),
    )
    const role = await session(user, arnOf('named-role'))
    expect((await role.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/named-role/ci`,
    )
    expect(await listBrokers(role)).toBe('allowed')
    expect(await createGroup(role, '/a')).toContain(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/named-role/ci is not authorized to perform: logs:CreateLogGroup`,
    )
  })

  test('naming the account leaves it to the policies of the caller', async () => {
    await newRole(aws, 'account-role', { Principal: { AWS: ACCOUNT } })
    const denied = await newUser(platform, aws, 'unpermitted')
    expect(await refusalOf(assume(denied, arnOf('account-role')))).toBe(
      `AccessDenied: User: arn:aws:iam::${ACCOUNT}:user/unpermitted is not authorized to perform: sts:AssumeRole on resource: ${arnOf('account-role')}`,
    )
    const user = await newUser(platform, aws, 'permitted', {
      statements: [allow('sts:AssumeRole', { Resource: arnOf('account-role') })],
    })
    expect(await refusalOf(assume(user, arnOf('account-role')))).toBe('allowed')
  })

  test('a role that does not exist reads like one that does not trust the caller; root assumes none', async () => {
    await newRole(aws, 'closed', { Principal: { Service: 'ec2.amazonaws.com' } })
    const user = await newUser(platform, aws, 'prober', { statements: [allow('*')] })
    const text = async (role: string) => (await refusalOf(assume(user, arnOf(role)))).replace(role, 'ROLE')
    expect(await text('closed')).toBe(await text('missing'))
    expect(await text('closed')).toContain('AccessDenied: User')
    expect(await refusalOf(assume(aws, arnOf('closed')))).toBe(
      'AccessDenied: Roles may not be assumed by root accounts.',
    )
  })

  test('across accounts both sides must allow', async () => {
    await newRole(other, 'shared', { Principal: { AWS: ACCOUNT } }, allow('mq:*'))
    const user = await newUser(platform, aws, 'traveller', {
      statements: [allow('sts:AssumeRole', { Resource: arnOf('shared', OTHER) })],
    })
    const stuck = await newUser(platform, aws, 'stuck')
    expect(await refusalOf(assume(stuck, arnOf('shared', OTHER)))).toContain('AccessDenied')
    const there = await session(user, arnOf('shared', OTHER))
    expect((await there.sts.send(new GetCallerIdentityCommand({}))).Account).toBe(OTHER)
    await newRole(other, 'private', { Principal: { AWS: OTHER } })
    const wide = await newUser(platform, aws, 'wide', { statements: [allow('*')] })
    expect(await refusalOf(assume(wide, arnOf('private', OTHER)))).toContain('AccessDenied')
  })

  test('the external id keeps a confused deputy out', async () => {
    const user = await newUser(platform, aws, 'deputy', { statements: [allow('sts:AssumeRole')] })
    await newRole(aws, 'guarded', {
      Principal: { AWS: ACCOUNT },
      Condition: { StringEquals: { 'sts:ExternalId': 'secret-7' } },
    })
    expect(await refusalOf(assume(user, arnOf('guarded')))).toContain('AccessDenied')
    expect(await refusalOf(assume(user, arnOf('guarded'), { ExternalId: 'guess' }))).toContain('AccessDenied')
    expect(await refusalOf(assume(user, arnOf('guarded'), { ExternalId: 'secret-7' }))).toBe('allowed')
  })

  test('a session policy only takes away', async () => {
    const user = await newUser(platform, aws, 'limited', { statements: [allow('sts:AssumeRole')] })
    await newRole(aws, 'wide-role', { Principal: { AWS: ACCOUNT } }, allow('mq:*'))
    const role = await session(user, arnOf('wide-role'), { Policy: document(allow(['logs:*', 'mq:DescribeBroker'])) })
    expect(await listBrokers(role)).toContain('because no session policy allows the mq:ListBrokers action')
    expect(await createGroup(role, '/b')).toContain('because no identity-based policy allows')
  })

  test('tags need sts:TagSession on both sides, and then count as tags of the principal', async () => {
    const Tags = [{ Key: 'team', Value: 'orders' }]
    await newRole(aws, 'untaggable', { Principal: { AWS: ACCOUNT } })
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'orders' } }
    await newRole(
      aws,
      'taggable',
      { Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      allow('mq:*', { Condition }),
    )
    const user = await newUser(platform, aws, 'labeller', { statements: [allow(['sts:AssumeRole', 'sts:TagSession'])] })
    expect(await refusalOf(assume(user, arnOf('untaggable'), { Tags }))).toContain('sts:TagSession')
    expect(await listBrokers(await session(user, arnOf('taggable'), { Tags }))).toBe('allowed')
    expect(await listBrokers(await session(user, arnOf('taggable')))).toContain('AccessDenied')
  })

  test('who assumed the role is on record, without the credentials', async () => {
    const user = await newUser(platform, aws, 'recorded', { statements: [allow('sts:AssumeRole')] })
    await newRole(aws, 'recorded-role', { Principal: { AWS: ACCOUNT } })
    const { Credentials } = await assume(user, arnOf('recorded-role'), { RoleSessionName: 'night-shift' })
    const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' } as const]
    const lookUp = async (): Promise<string> => {
      const { Events = [] } = await aws.cloudtrail.send(new LookupEventsCommand({ LookupAttributes }))
      return Events.map((event) => event.CloudTrailEvent ?? '').find((text) => text.includes('recorded-role')) ?? '{}'
    }
    // It is a read, and reads join the next group commit.
    const record = await eventually('the record is there', 10, lookUp, (text) => text !== '{}')
    expect(JSON.parse(record)).toMatchObject({
      userIdentity: { userName: 'recorded' },
      requestParameters: { roleSessionName: 'night-shift' },
    })
    expect(record).not.toContain(Credentials?.SecretAccessKey)
    expect(record).not.toContain(Credentials?.SessionToken)
  })
})

describe('tokens', () => {
  const sts = async (caller: Clients) => refusalOf(caller.sts.send(new GetCallerIdentityCommand({})))

  test('a token is needed, and only its own will do', async () => {
    const user = await newUser(platform, aws, 'tokens')
    const { Credentials } = await user.sts.send(new GetSessionTokenCommand({}))
    const key = { accessKeyId: Credentials?.AccessKeyId ?? '', secret: Credentials?.SecretAccessKey ?? '' }
    const mine = { ...key, sessionToken: Credentials?.SessionToken ?? '' }
    expect(await sts(clients(platform.url, mine))).toBe('allowed')
    for (const wrong of [key, { ...key, sessionToken: 'x'.repeat(256) }]) {
      expect(await sts(clients(platform.url, wrong))).toContain('InvalidClientTokenId')
      expect(await listBrokers(clients(platform.url, wrong))).toContain('UnrecognizedClientException')
      expect(await createGroup(clients(platform.url, wrong), '/x')).toContain('UnrecognizedClientException')
    }
    expect(await sts(clients(platform.url, { ...mine, secret: 'wrong' }))).toContain('SignatureDoesNotMatch')
    expect((await user.sts.send(new GetSessionTokenCommand({}))).Credentials?.AccessKeyId).not.toBe(key.accessKeyId)
  })

  test('sessions of users may use services, but not IAM, nor STS beyond who they are', async () => {
    const user = await newUser(platform, aws, 'sessions', { statements: [allow(['mq:*', 'iam:*', 'sts:*'])] })
    const own = withSession(platform, (await user.sts.send(new GetSessionTokenCommand({}))).Credentials)
    expect([await listBrokers(own), await sts(own)]).toEqual(['allowed', 'allowed'])
    expect(await refusalOf(own.iam.send(new GetUserCommand({})))).toContain('InvalidClientTokenId')
    const federated = withSession(
      platform,
      (await user.sts.send(new GetFederationTokenCommand({ Name: 'carol', Policy: document(allow('mq:ListBrokers')) })))
        .Credentials,
    )
    expect(await listBrokers(federated)).toBe('allowed')
    expect(await createGroup(federated, '/c')).toContain(`arn:aws:sts::${ACCOUNT}:federated-user/carol`)
    expect(await refusalOf(federated.iam.send(new GetUserCommand({})))).toContain('InvalidClientTokenId')
    const bare = withSession(
      platform,
      (await user.sts.send(new GetFederationTokenCommand({ Name: 'carol' }))).Credentials,
    )
    expect(await listBrokers(bare)).toContain('because no session policy allows')
    expect(
      (
        await user.sts.send(
          new GetAccessKeyInfoCommand({ AccessKeyId: (await user.sts.config.credentials()).accessKeyId }),
        )
      ).Account,
    ).toBe(ACCOUNT)
  })

  test('a session survives a restart, and ends on time or with its role', async () => {
    const user = await newUser(platform, aws, 'lasting', {
      statements: [allow(['sts:AssumeRole', 'sts:GetAccessKeyInfo'])],
    })
    for (const name of ['lasting-role', 'doomed-role'])
      await newRole(aws, name, { Principal: { AWS: ACCOUNT } }, allow('mq:*'))
    const lasting = await assume(user, arnOf('lasting-role'), { DurationSeconds: 900 })
    const doomed = await assume(user, arnOf('doomed-role'))
    await platform.stop()
    await platform.start()
    expect(await listBrokers(withSession(platform, lasting.Credentials))).toBe('allowed')
    expect(await listBrokers(withSession(platform, doomed.Credentials))).toBe('allowed')
    await aws.iam.send(new DeleteRolePolicyCommand({ RoleName: 'doomed-role', PolicyName: 'inline' }))
    await aws.iam.send(new DeleteRoleCommand({ RoleName: 'doomed-role' }))
    expect(await listBrokers(withSession(platform, doomed.Credentials))).toContain('UnrecognizedClientException')
    const moved = await fetch(new URL('/_sluice/clock', platform.url), {
      method: 'POST',
      headers: { 'x-sluice-testing': '1', 'content-type': 'application/json' },
      body: '{"advanceMillis":901000}',
    })
    expect(moved.status).toBe(200)
    expect(await listBrokers(withSession(platform, lasting.Credentials))).toContain('ExpiredTokenException')
    expect(await sts(withSession(platform, lasting.Credentials))).toContain('ExpiredToken')
  })

  test('sessions from before a moment are revoked by a policy, as the console does it', async () => {
    const user = await newUser(platform, aws, 'revoked', { statements: [allow('sts:AssumeRole')] })
    await newRole(aws, 'revocable', { Principal: { AWS: ACCOUNT } }, allow('mq:*'))
    const before = await session(user, arnOf('revocable'))
    expect(await listBrokers(before)).toBe('allowed')
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': new Date(Date.now() + 86_400_000).toISOString() } }
    await aws.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'revocable',
        PolicyName: 'AWSRevokeOlderSessions',
        PolicyDocument: document({ ...allow('*', { Condition }), Effect: 'Deny' }),
      }),
    )
    expect(await listBrokers(before)).toContain('with an explicit deny')
  })
})

describe('web identity', () => {
  test('the call needs no signature, and a token of nobody the account trusts is refused', async () => {
    await newRole(aws, 'pipeline', {
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
    })
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'RS256' })}.${part({ iss: 'https://token.example.com', sub: 'me', aud: 'sts', exp: 9_999_999_999 })}.c2ln`
    const ask = (WebIdentityToken: string) =>
      refusalOf(
        aws.sts.send(
          new AssumeRoleWithWebIdentityCommand({
            RoleArn: arnOf('pipeline'),
            RoleSessionName: 'run',
            WebIdentityToken,
          }),
        ),
      )
    expect(await ask('hello')).toContain('InvalidIdentityTokenException')
    expect(await ask(token)).toBe(
      'InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://token.example.com',
    )
    const unsigned = await fetch(platform.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    })
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining('MissingAuthenticationToken'),
    ])
  })
})
