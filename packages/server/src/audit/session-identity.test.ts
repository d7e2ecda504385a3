import { expect, test } from 'vitest'
import { federatedIdentity, userIdentity, userNameOf } from '#audit/user-identity.ts'
import { accountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'

const account = accountId('111122223333')
const issuedAt = Date.UTC(2026, 10, 21, 9, 30)

test('a user with temporary credentials has a session context, and says whether a second factor was proved', () => {
  const user: Principal = {
    kind: 'user',
    account,
    arn: 'arn:aws:iam::111122223333:user/bob',
    accessKeyId: 'ASIABOB',
    userName: 'bob',
    userId: 'AIDABOB',
    issuedAt,
    session: { mfaAt: issuedAt },
  }
  expect(userIdentity(user, undefined)).toMatchObject({
    type: 'IAMUser',
    sessionContext: { attributes: { creationDate: '2026-11-21T09:30:00Z', mfaAuthenticated: 'true' } },
  })
})

test('a federated user is recorded with the user that issued its session', () => {
  const federated: Principal = {
    kind: 'federated-user',
    account,
    arn: 'arn:aws:sts::111122223333:federated-user/carol',
    accessKeyId: 'ASIACAROL',
    name: 'carol',
    issuer: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/bob', id: 'AIDABOB', name: 'bob' },
    issuedAt,
  }
  expect(userIdentity(federated, undefined)).toMatchObject({
    type: 'FederatedUser',
    principalId: '111122223333:carol',
    sessionContext: {
      sessionIssuer: { type: 'IAMUser', principalId: 'AIDABOB', userName: 'bob' },
      attributes: { mfaAuthenticated: 'false' },
    },
  })
  expect(userNameOf(federated)).toBe('carol')
})

test('the source identity and the provider behind a role session are recorded', () => {
  const role: Principal = {
    kind: 'role',
    account,
    roleArn: 'arn:aws:iam::111122223333:role/r',
    arn: 'arn:aws:sts::111122223333:assumed-role/r/s',
    roleName: 'r',
    roleId: 'AROAR',
    sessionName: 's',
    issuedAt,
    session: { sourceIdentity: 'alice', provider: 'arn:aws:iam::111122223333:oidc-provider/token.example.com' },
  }
  expect(userIdentity(role, undefined)).toMatchObject({
    sessionContext: {
      sourceIdentity: 'alice',
      webIdFederationData: { federatedProvider: 'arn:aws:iam::111122223333:oidc-provider/token.example.com' },
    },
  })
})

test('nobody in particular is recorded as such', () => {
  const nobody: Principal = { kind: 'anonymous', account }
  expect(userIdentity(nobody, undefined)).toEqual({ type: 'AWSAccount', principalId: '', accountId: 'anonymous' })
  expect(userNameOf(nobody)).toBe('')
})

test('whom a provider vouches for is recorded by the names that the provider gives', () => {
  expect(federatedIdentity({ kind: 'SAMLUser', provider: 'Qualifier=', id: 'alice', name: 'alice' })).toEqual({
    type: 'SAMLUser',
    principalId: 'Qualifier=:alice',
    userName: 'alice',
    identityProvider: 'Qualifier=',
  })
  const caller = { kind: 'WebIdentityUser', provider: 'token.example.com', id: 'app:me', name: 'me' } as const
  expect(federatedIdentity(caller)).toMatchObject({ type: 'WebIdentityUser', principalId: 'token.example.com:app:me' })
})
