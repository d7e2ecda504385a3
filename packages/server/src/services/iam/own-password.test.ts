import { type NamedPolicy, cachedPolicy, decide } from '@sluice/policy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ownPasswordPolicies } from '#services/iam/own-password.ts'
import { type Bench, contextOf, openBench, roleSession } from '#services/iam/test-bench.ts'
import { denying } from '#services/iam/test-documents.ts'

let bench: Bench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bob = await bench.createUser('bob', '/dev/')
})
afterEach(() => bench.close())

const CHANGE = { action: 'iam:ChangePassword', resource: 'arn:aws:iam::111122223333:user/dev/bob' }
const LOOK = { action: 'iam:GetAccountPasswordPolicy', resource: '*' }
const allow = (AllowUsersToChangePassword: boolean) =>
  bench.call('UpdateAccountPasswordPolicy', { AllowUsersToChangePassword })
const policiesFor = (check: typeof CHANGE, principal = bob) =>
  ownPasswordPolicies(bench.records)(check, contextOf(principal))

async function may(check: typeof CHANGE, identity: readonly NamedPolicy[] = []): Promise<boolean> {
  const principal = { kind: 'user', account: bob.account, arn: 'arn:aws:iam::111122223333:user/dev/bob' } as const
  const resource = await policiesFor(check)
  return decide({ principal, ...check, resourceAccount: bob.account, context: {} }, { identity, resource }).allowed
}

test('users change their own password without a policy of their own where the account lets them', async () => {
  expect([await may(CHANGE), await may(LOOK)]).toEqual([false, false])
  await allow(true)
  expect([await may(CHANGE), await may(LOOK)]).toEqual([true, true])
  await allow(false)
  expect([await may(CHANGE), await may(LOOK)]).toEqual([false, false])
})

test('nobody else’s, and nothing else', async () => {
  await allow(true)
  expect(await may({ ...CHANGE, resource: 'arn:aws:iam::111122223333:user/dev/eve' })).toBe(false)
  expect(await policiesFor({ action: 'iam:UpdateLoginProfile', resource: CHANGE.resource })).toEqual([])
  expect(await policiesFor(CHANGE, roleSession)).toEqual([])
})

test('a Deny of the user’s own policies counts', async () => {
  await allow(true)
  const deny = { name: 'no', policy: cachedPolicy(denying('iam:ChangePassword'), 'identity') }
  expect([await may(CHANGE, [deny]), await may(LOOK, [deny])]).toEqual([false, true])
})
