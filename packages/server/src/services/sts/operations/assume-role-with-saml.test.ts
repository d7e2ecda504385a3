import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, faultOf } from '#services/iam/test-bench.ts'
import { rsaKey } from '#services/sts/saml/test-keys.ts'
import {
  AUDIENCE,
  ISSUER,
  KEY,
  type Said,
  type Signing,
  encode,
  metadata,
  responseXml,
  samlResponse,
} from '#services/sts/saml/test-provider.ts'
import { type StsBench, openBench } from '#services/sts/test-bench.ts'

const NOBODY: Principal = { kind: 'anonymous', account: ACCOUNT }
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/staff`
const PrincipalArn = `arn:aws:iam::${ACCOUNT}:saml-provider/Office`
const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const OTHER = rsaKey()

let bench: StsBench
beforeEach(async () => {
  bench = openBench()
  await bench.iam.call('CreateSAMLProvider', { Name: 'Office', SAMLMetadataDocument: metadata() })
  await createRole({ StringEquals: { 'saml:aud': AUDIENCE } })
})
afterEach(() => bench.close())

const createRole = (Condition: object, Action: unknown = 'sts:AssumeRoleWithSAML', RoleName = 'staff') =>
  bench.iam.call('CreateRole', {
    RoleName,
    MaxSessionDuration: 7_200,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Federated: PrincipalArn }, Action, Condition }],
    }),
  })
const ATTRIBUTES = { [`${AWS}Role`]: [`${RoleArn},${PrincipalArn}`], [`${AWS}RoleSessionName`]: ['alice@example.com'] }
const said = (changes: Partial<Said> = {}): Said => ({ now: bench.iam.clock.now(), attributes: ATTRIBUTES, ...changes })
const withAttributes = (more: Readonly<Record<string, readonly string[]>>): Said =>
  said({ attributes: { ...ATTRIBUTES, ...more } })
const assume = (what: Said = said(), signing: Signing = {}, more: object = {}) =>
  bench.call(
    'AssumeRoleWithSAML',
    { RoleArn, PrincipalArn, SAMLAssertion: samlResponse(what, signing), ...more },
    NOBODY,
  )
const principalBehind = async (answer: Awaited<ReturnType<typeof assume>>) =>
  (await bench.behind(answer.Credentials?.AccessKeyId ?? ''))?.principal

test('a response of a provider that the account trusts opens a session of a role that trusts it', async () => {
  const answer = await assume()
  expect(answer).toMatchObject({
    AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/staff/alice@example.com` },
    Subject: 'alice',
    SubjectType: 'persistent',
    Issuer: ISSUER,
    Audience: AUDIENCE,
  })
  // BASE64 ( SHA1 ( issuer + account + "/" + provider ) ), as AWS documents it.
  expect(answer.NameQualifier).toMatch(/^[A-Za-z0-9+/]{27}=$/)
  expect(await principalBehind(answer)).toMatchObject({
    kind: 'role',
    session: {
      provider: PrincipalArn,
      subject: 'alice',
      saml: { nameQualifier: answer.NameQualifier, subjectType: 'persistent' },
    },
  })
})

test('role and provider may stand in either order, among others', async () => {
  const roles = ['arn:aws:iam::1:role/x,y', ` ${PrincipalArn} , ${RoleArn} `]
  await assume(withAttributes({ [`${AWS}Role`]: roles }))
})

test.each([
  {
    name: 'another key',
    make: () => assume(said(), { key: OTHER }),
    fault: 'InvalidIdentityToken 400 Response signature invalid',
  },
  {
    name: 'another issuer',
    make: () => assume(said({ issuer: 'https://evil.example' })),
    fault: 'InvalidIdentityToken 400 Issuer not present in specified provider',
  },
  {
    name: 'another audience',
    make: () => assume(said({ audience: 'https://shop.example' })),
    fault: 'InvalidIdentityToken 400 Response does not contain the required audience.',
  },
  {
    name: 'another recipient',
    make: () => assume(said({ recipient: 'https://signin.aws.amazon.com.evil.example/saml' })),
    fault: 'InvalidIdentityToken 400 Response does not contain the required recipient.',
  },
  {
    name: 'an end that has passed',
    make: () => assume(said({ notOnOrAfter: bench.iam.clock.now() })),
    fault: 'ExpiredTokenException 400',
  },
  {
    name: 'an issue of six minutes ago',
    make: () => assume(said({ issuedAt: bench.iam.clock.now() - 360_000 })),
    fault: 'ExpiredTokenException 400 Token must be redeemed within 5 minutes of issuance',
  },
  {
    name: 'a beginning that is to come',
    make: () => assume(said({ notBefore: bench.iam.clock.now() + 120_000 })),
    fault: 'InvalidIdentityToken 400 The SAML response is not valid yet',
  },
  {
    name: 'a session that has ended',
    make: () => assume(said({ sessionNotOnOrAfter: bench.iam.clock.now() })),
    fault: 'ExpiredTokenException 400',
  },
  {
    name: 'no session name',
    make: () => assume(said({ attributes: { [`${AWS}Role`]: ATTRIBUTES[`${AWS}Role`] ?? [] } })),
    fault: 'InvalidIdentityToken 400 RoleSessionName is required in AuthnResponse',
  },
  {
    name: 'a session name with spaces',
    make: () => assume(withAttributes({ [`${AWS}RoleSessionName`]: ['a b'] })),
    fault: 'InvalidIdentityToken 400 RoleSessionName in AuthnResponse must match',
  },
  {
    name: 'a source identity that is AWS’s',
    make: () => assume(withAttributes({ [`${AWS}SourceIdentity`]: ['aws:root'] })),
    fault: 'InvalidIdentityToken 400 Source Identity must match',
  },
  {
    name: 'another role',
    make: () => assume(withAttributes({ [`${AWS}Role`]: [`${RoleArn}2,${PrincipalArn}`] })),
    fault: 'AccessDenied 403 Not authorized to perform sts:AssumeRoleWithSAML',
  },
  {
    name: 'an authentication that failed',
    make: () => assume(said({ status: 'Responder' })),
    fault: 'IDPRejectedClaim 403',
  },
  {
    name: 'no assertion',
    make: () =>
      bench.call(
        'AssumeRoleWithSAML',
        { RoleArn, PrincipalArn, SAMLAssertion: encode(responseXml('', said())) },
        NOBODY,
      ),
    fault: 'InvalidIdentityToken 400 Invalid SAML response',
  },
  {
    name: 'no base64',
    make: () => assume(said(), {}, { SAMLAssertion: '***' }),
    fault: 'InvalidIdentityToken 400 Invalid SAML response',
  },
  {
    name: 'a provider that is not there',
    make: () => assume(said(), {}, { PrincipalArn: `${PrincipalArn}2` }),
    fault: "InvalidIdentityToken 400 Specified provider doesn't exist",
  },
  {
    name: 'a provider in another case',
    make: () => assume(said(), {}, { PrincipalArn: PrincipalArn.toLowerCase() }),
    fault: "InvalidIdentityToken 400 Specified provider doesn't exist",
  },
  {
    name: 'a provider of another account',
    make: () => assume(said(), {}, { PrincipalArn: PrincipalArn.replace(ACCOUNT, '444455556666') }),
    fault: "InvalidIdentityToken 400 Specified provider doesn't exist",
  },
])('a response with $name is refused', async ({ make, fault }) => {
  expect(await faultOf(make)).toContain(fault)
})

test('once its provider has new certificates, old keys are worth nothing', async () => {
  await bench.iam.call('UpdateSAMLProvider', {
    SAMLProviderArn: PrincipalArn,
    SAMLMetadataDocument: metadata([OTHER.certificate]),
  })
  expect(await faultOf(() => assume())).toContain('Response signature invalid')
  await assume(said(), { key: OTHER })
})

test('metadata that has ended vouches for nobody', async () => {
  const validUntil = new Date(bench.iam.clock.now() + 60_000).toISOString()
  const SAMLMetadataDocument = metadata([KEY.certificate], ` validUntil="${validUntil}"`)
  await bench.iam.call('UpdateSAMLProvider', { SAMLProviderArn: PrincipalArn, SAMLMetadataDocument })
  await assume()
  bench.iam.clock.at += 60_000
  expect(await faultOf(() => assume())).toContain('InvalidIdentityToken 400 The metadata')
})

test.each([
  { key: 'saml:sub', value: 'alice', allowed: true },
  { key: 'saml:sub', value: 'bob', allowed: false },
  { key: 'saml:sub_type', value: 'persistent', allowed: true },
  { key: 'saml:iss', value: ISSUER, allowed: true },
  { key: 'saml:doc', value: `${ACCOUNT}/Office`, allowed: true },
  { key: 'saml:doc', value: `${ACCOUNT}/Other`, allowed: false },
  { key: 'sts:RoleSessionName', value: 'alice@example.com', allowed: true },
  { key: 'aws:FederatedProvider', value: PrincipalArn, allowed: true },
])('a trust policy may ask for $key = $value: $allowed', async ({ key, value, allowed }) => {
  await bench.iam.call('DeleteRole', { RoleName: 'staff' })
  await createRole({ StringEquals: { [key]: value } })
  const outcome = await assume().then(
    () => 'allowed',
    (error: Error) => error.message,
  )
  expect(outcome).toBe(allowed ? 'allowed' : 'Not authorized to perform sts:AssumeRoleWithSAML')
})

test('attributes of directories are lists of values', async () => {
  await bench.iam.call('DeleteRole', { RoleName: 'staff' })
  await createRole({ 'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': ['staff'] } })
  const affiliated = (...values: readonly string[]) =>
    assume(withAttributes({ 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': values }))
  await affiliated('member', 'staff')
  expect(await faultOf(() => affiliated('member', 'student'))).toContain('AccessDenied 403')
})

test('a role that does not exist reads like one that does not trust the caller', async () => {
  const missing = `arn:aws:iam::${ACCOUNT}:role/missing`
  const offered = withAttributes({ [`${AWS}Role`]: [`${missing},${PrincipalArn}`] })
  const absent = await faultOf(() => assume(offered, {}, { RoleArn: missing }))
  await bench.iam.call('DeleteRole', { RoleName: 'staff' })
  await createRole({ StringEquals: { 'saml:sub': 'bob' } })
  expect(absent).toBe(await faultOf(() => assume()))
})

test('tags and a source identity need permissions of their own, and then stay with the session', async () => {
  const tagged = () =>
    assume(
      withAttributes({
        [`${AWS}PrincipalTag:team`]: ['orders'],
        [`${AWS}TransitiveTagKeys`]: ['team'],
        [`${AWS}SourceIdentity`]: ['alice'],
      }),
    )
  expect(await faultOf(tagged)).toBe('AccessDenied 403 Not authorized to perform sts:TagSession')
  await bench.iam.call('DeleteRole', { RoleName: 'staff' })
  await createRole({}, ['sts:AssumeRoleWithSAML', 'sts:TagSession'])
  expect(await faultOf(tagged)).toBe('AccessDenied 403 Not authorized to perform sts:SetSourceIdentity')
  await bench.iam.call('DeleteRole', { RoleName: 'staff' })
  await createRole({}, ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'])
  expect(await principalBehind(await tagged())).toMatchObject({
    session: { tags: [{ Key: 'team', Value: 'orders' }], transitiveTagKeys: ['team'], sourceIdentity: 'alice' },
  })
})

test('a session lasts as long as is asked, as the provider says, and never longer than the role or the provider lets it', async () => {
  const lasts = async (what: Said, DurationSeconds?: number): Promise<number> => {
    const { Credentials } = await assume(what, {}, DurationSeconds === undefined ? {} : { DurationSeconds })
    return Math.round(((Credentials?.Expiration ?? 0) - bench.iam.clock.now()) / 1_000)
  }
  const says = (seconds: string) => withAttributes({ [`${AWS}SessionDuration`]: [seconds] })
  const close = (seconds: number) => [seconds - 1, seconds]
  expect(close(3_600)).toContain(await lasts(said()))
  expect(close(1_800)).toContain(await lasts(says('1800')))
  expect(close(7_200)).toContain(await lasts(says('1800'), 7_200))
  expect(close(1_000)).toContain(await lasts(said({ sessionNotOnOrAfter: bench.iam.clock.now() + 1_000_000 }), 7_200))
  expect(await faultOf(() => lasts(said(), 7_201))).toContain('exceeds the MaxSessionDuration')
  for (const seconds of ['899', '43201', 'x', ''])
    expect(await faultOf(() => lasts(says(seconds)))).toContain('InvalidIdentityToken')
})

test('an unsigned call acts in the account of the role', () => {
  const access = bench.service.access.AssumeRoleWithSAML
  expect(access?.unsignedAccount?.({ RoleArn, PrincipalArn, SAMLAssertion: 'x' })).toBe(ACCOUNT)
})
