import { expect, test } from 'vitest'
import { conditionContext } from '#gateway/condition-context.ts'
import { ACCOUNT, NOW, contextOf, roleSession, rootOf } from '#services/iam/test-bench.ts'
import type { Principal } from '#kernel/principal.ts'

const federated: Principal = {
  kind: 'federated-user',
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/carol`,
  accessKeyId: 'ASIACAROL',
  name: 'carol',
  issuer: { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/bob`, id: 'AIDABOB', name: 'bob' },
  issuedAt: NOW - 60_000,
  session: {},
}

test('tags of the principal are keys of their own', () => {
  const tags = [{ Key: 'team', Value: 'orders' }]
  expect(conditionContext(contextOf(rootOf(ACCOUNT)), tags)).toMatchObject({ 'aws:PrincipalTag/team': 'orders' })
})

test('temporary credentials tell when they were made and whether a second factor was proved', () => {
  const issuedAt = NOW - 60_000
  const plain: Principal = { ...rootOf(ACCOUNT), issuedAt, session: {} } as Principal
  const context = conditionContext(contextOf(plain))
  expect(context).toMatchObject({
    'aws:TokenIssueTime': new Date(issuedAt).toISOString(),
    'aws:MultiFactorAuthPresent': 'false',
  })
  expect(context).not.toHaveProperty(['aws:MultiFactorAuthAge'])
  const proved: Principal = { ...rootOf(ACCOUNT), issuedAt, session: { mfaAt: issuedAt } } as Principal
  expect(conditionContext(contextOf(proved))).toMatchObject({
    'aws:MultiFactorAuthPresent': 'true',
    'aws:MultiFactorAuthAge': '60',
  })
})

test('long-term keys have none of the keys of sessions', () => {
  const context = conditionContext(contextOf(rootOf(ACCOUNT)))
  for (const key of ['aws:TokenIssueTime', 'aws:MultiFactorAuthPresent', 'aws:SourceIdentity', 'aws:FederatedProvider'])
    expect(context).not.toHaveProperty([key])
})

test('a role session tells its source identity and provider', () => {
  const session = { sourceIdentity: 'alice', provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com` }
  expect(conditionContext(contextOf({ ...roleSession, session } as Principal))).toMatchObject({
    'aws:SourceIdentity': 'alice',
    'aws:FederatedProvider': session.provider,
  })
})

test('a federated user is known by account and name', () => {
  expect(conditionContext(contextOf(federated))).toMatchObject({
    'aws:PrincipalArn': `arn:aws:sts::${ACCOUNT}:federated-user/carol`,
    'aws:PrincipalType': 'FederatedUser',
    'aws:userid': `${ACCOUNT}:carol`,
  })
})

test('whoever signs nothing has no ARN and no account', () => {
  const context = conditionContext(contextOf({ kind: 'anonymous', account: ACCOUNT }))
  expect(context).toMatchObject({ 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' })
  expect(context).not.toHaveProperty(['aws:PrincipalArn'])
  expect(context).not.toHaveProperty(['aws:PrincipalAccount'])
})
