import {
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  DeleteSAMLProviderCommand,
  GetSAMLProviderCommand,
  ListSAMLProvidersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { AssumeRoleWithSAMLCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, expect, test } from 'vitest'
import { AUDIENCE, ISSUER, metadata, samlResponse } from '../../packages/server/src/services/sts/saml/test-provider.ts'
import { rsaKey } from '../../packages/server/src/services/sts/saml/test-keys.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, createGroup, document, listBrokers, refusalOf, withSession } from './people.ts'

const ACCOUNT = '111122223333'
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/staff`
const PrincipalArn = `arn:aws:iam::${ACCOUNT}:saml-provider/Office`
const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const platform = filePlatform()
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })
beforeAll(async () => {
  await aws.iam.send(new CreateSAMLProviderCommand({ Name: 'Office', SAMLMetadataDocument: metadata() }))
  const Condition = { StringEquals: { 'saml:aud': AUDIENCE, 'saml:iss': ISSUER } }
  const AssumeRolePolicyDocument = document({
    Effect: 'Allow',
    Principal: { Federated: PrincipalArn },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    Condition,
  })
  await aws.iam.send(new CreateRoleCommand({ RoleName: 'staff', AssumeRolePolicyDocument }))
  const PolicyDocument = document(
    allow('mq:ListBrokers', {
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'orders', 'saml:sub': 'alice' } },
    }),
  )
  await aws.iam.send(new PutRolePolicyCommand({ RoleName: 'staff', PolicyName: 'inline', PolicyDocument }))
})

const said = (subject: string) => ({
  now: Date.now(),
  subject,
  attributes: {
    [`${AWS}Role`]: [`${PrincipalArn},${RoleArn}`],
    [`${AWS}RoleSessionName`]: [subject],
    [`${AWS}PrincipalTag:team`]: ['orders'],
  },
})
/** A client without any credentials: the call is not signed. */
const assume = (SAMLAssertion: string) =>
  new STSClient({ endpoint: platform.url, region: 'us-east-1', maxAttempts: 1 }).send(
    new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion }),
  )

test('the provider is there as the API shows it', async () => {
  const { SAMLProviderList } = await aws.iam.send(new ListSAMLProvidersCommand({}))
  expect(SAMLProviderList).toEqual([
    expect.objectContaining({ Arn: PrincipalArn, ValidUntil: expect.any(Date) as unknown }),
  ])
  const { SAMLMetadataDocument } = await aws.iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: PrincipalArn }))
  expect(SAMLMetadataDocument).toBe(metadata())
})

test('a signed response opens a session with the permissions of the role, seen with who it is and its tags', async () => {
  const answer = await assume(samlResponse(said('alice')))
  expect(answer).toMatchObject({ Subject: 'alice', SubjectType: 'persistent', Issuer: ISSUER, Audience: AUDIENCE })
  const staff = withSession(platform, answer.Credentials)
  expect((await staff.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    `arn:aws:sts::${ACCOUNT}:assumed-role/staff/alice`,
  )
  expect(await listBrokers(staff)).toBe('allowed')
  expect(await createGroup(staff, '/x')).toContain('AccessDeniedException')
  const bob = withSession(platform, (await assume(samlResponse(said('bob')))).Credentials)
  expect(await listBrokers(bob)).toContain('because no identity-based policy allows')
})

test('refusals come with their modelled names', async () => {
  expect(await refusalOf(assume(samlResponse(said('alice'), { key: rsaKey() })))).toBe(
    'InvalidIdentityTokenException: Response signature invalid',
  )
  expect(await refusalOf(assume('aGVsbG8='))).toContain('InvalidIdentityTokenException')
  expect(await refusalOf(assume(samlResponse({ ...said('alice'), status: 'Responder' })))).toContain(
    'IDPRejectedClaimException',
  )
  const old = { ...said('alice'), issuedAt: Date.now() - 600_000 }
  expect(await refusalOf(assume(samlResponse(old)))).toContain('ExpiredTokenException')
})

test('the call is on record without response and credentials', async () => {
  const response = samlResponse(said('night-shift'))
  const { Credentials } = await assume(response)
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRoleWithSAML' } as const]
  const lookUp = async () => (await aws.cloudtrail.send(new LookupEventsCommand({ LookupAttributes }))).Events ?? []
  // It is a read, and reads join the next group commit.
  const Events = await eventually('the records are there', 10, lookUp, (events) =>
    events.some(({ CloudTrailEvent = '' }) => CloudTrailEvent.includes('night-shift')),
  )
  const records = Events.map(({ CloudTrailEvent = '' }) => CloudTrailEvent).join('\n')
  expect(records).toContain(PrincipalArn)
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '{}')).toMatchObject({
    userIdentity: {
      type: 'SAMLUser',
      userName: 'night-shift',
      principalId: expect.stringMatching(/=:night-shift$/) as unknown,
    },
  })
  expect(Events[0]?.Username).toBe('night-shift')
  for (const secret of [response.slice(0, 80), Credentials?.SecretAccessKey ?? '', Credentials?.SessionToken ?? ''])
    expect(records).not.toContain(secret)
})

test('without its provider nobody comes in', async () => {
  await aws.iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn: PrincipalArn }))
  expect(await refusalOf(assume(samlResponse(said('alice'))))).toBe(
    "InvalidIdentityTokenException: Specified provider doesn't exist",
  )
})
