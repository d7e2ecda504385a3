import { expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { contextOf, roleSession, rootOf } from '#services/iam/test-bench.ts'
import { stsAccess } from '#services/sts/actions.ts'
import { getCallerIdentity } from '#services/sts/operations/get-caller-identity.ts'

const ACCOUNT = accountId('111122223333')
const user: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: 'arn:aws:iam::111122223333:user/dev/bob',
  accessKeyId: 'AKIAUSER',
  userName: 'bob',
  userId: 'AIDAEXAMPLE',
}

test.each([
  { principal: rootOf(ACCOUNT), answer: { UserId: ACCOUNT, Account: ACCOUNT, Arn: 'arn:aws:iam::111122223333:root' } },
  {
    principal: user,
    answer: { UserId: 'AIDAEXAMPLE', Account: ACCOUNT, Arn: 'arn:aws:iam::111122223333:user/dev/bob' },
  },
  {
    principal: roleSession,
    answer: {
      UserId: 'AROAEXAMPLEEXAMPLE234:ci',
      Account: ACCOUNT,
      Arn: 'arn:aws:sts::111122223333:assumed-role/deployer/ci',
    },
  },
])('a $principal.kind hears its id, account and ARN', async ({ principal, answer }) => {
  expect(await getCallerIdentity({}, contextOf(principal))).toEqual(answer)
})

test('it needs no permission and is a read', () => {
  const deps = {} as Parameters<typeof stsAccess>[0]
  expect(stsAccess(deps).GetCallerIdentity).toEqual({ category: 'management', readOnly: true, checks: 'none' })
})
