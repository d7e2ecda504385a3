import { expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { isoSeconds, userIdentity, userNameOf } from '#audit/user-identity.ts'

const ACCOUNT = accountId('111122223333')

const root: Principal = { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accessKeyId: 'AKIAROOT' }
const user: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/dev/bob`,
  accessKeyId: 'AKIABOB',
  userName: 'bob',
  userId: 'AIDABOB',
}
const role: Principal = {
  kind: 'role',
  account: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/ops/deployer`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/ci`,
  roleName: 'deployer',
  roleId: 'AROADEPLOYER',
  sessionName: 'ci',
  issuedAt: Date.UTC(2026, 10, 21, 9, 30, 15, 999),
}
const service: Principal = {
  kind: 'service',
  account: ACCOUNT,
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  sourceAccount: ACCOUNT,
}

test('root has no user name and its account as principal id', () => {
  expect(userIdentity(root, undefined)).toEqual({
    type: 'Root',
    principalId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    accountId: ACCOUNT,
    accessKeyId: 'AKIAROOT',
  })
})

test('a user is named, with its unique id as principal id', () => {
  expect(userIdentity(user, undefined)).toEqual({
    type: 'IAMUser',
    principalId: 'AIDABOB',
    arn: `arn:aws:iam::${ACCOUNT}:user/dev/bob`,
    accountId: ACCOUNT,
    accessKeyId: 'AKIABOB',
    userName: 'bob',
  })
})

test('a role session says who issued it and when', () => {
  expect(userIdentity(role, undefined)).toEqual({
    type: 'AssumedRole',
    principalId: 'AROADEPLOYER:ci',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/ci`,
    accountId: ACCOUNT,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROADEPLOYER',
        arn: `arn:aws:iam::${ACCOUNT}:role/ops/deployer`,
        accountId: ACCOUNT,
        userName: 'deployer',
      },
      attributes: { creationDate: '2026-11-21T09:30:15Z', mfaAuthenticated: 'false' },
    },
  })
  expect(userIdentity({ ...role, accessKeyId: 'ASIACI' }, undefined)).toMatchObject({
    accessKeyId: 'ASIACI',
  })
})

test('a service is its type and its name, and nothing else', () => {
  expect(userIdentity(service, undefined)).toEqual({ type: 'AWSService', invokedBy: 'mq.amazonaws.com' })
})

test.each([root, user, role])('a call on behalf of a $kind names the service through which it came', (principal) => {
  expect(userIdentity(principal, 'mq.amazonaws.com')).toEqual({
    ...userIdentity(principal, undefined),
    invokedBy: 'mq.amazonaws.com',
  })
})

test.each([
  { principal: root, name: 'root' },
  { principal: user, name: 'bob' },
  { principal: role, name: 'ci' },
  { principal: service, name: '' },
])('LookupEvents finds a $principal.kind under "$name"', ({ principal, name }) => {
  expect(userNameOf(principal)).toBe(name)
})

test('times are whole seconds', () => {
  expect(isoSeconds(Date.UTC(2026, 10, 21, 9, 30, 0, 999))).toBe('2026-11-21T09:30:00Z')
})
