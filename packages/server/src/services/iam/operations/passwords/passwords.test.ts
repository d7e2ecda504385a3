import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, type Bench, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bob = await bench.createUser('bob')
})
afterEach(() => bench.close())

const OLD = 'Correct-horse-9'
const create = (Password = OLD) => bench.call('CreateLoginProfile', { UserName: 'bob', Password })
const change = (OldPassword: string, NewPassword: string, who = bob) =>
  bench.call('ChangePassword', { OldPassword, NewPassword }, who)

test('a password is kept as a hash only, and a user with one cannot be deleted', async () => {
  expect((await create()).LoginProfile).toMatchObject({ UserName: 'bob', PasswordResetRequired: false })
  expect(bench.written()).not.toContain(OLD)
  expect(await faultOf(() => create())).toContain('EntityAlreadyExists 409 Login Profile for user bob already exists.')
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toContain(
    'must delete login profile first',
  )
  await bench.call('DeleteLoginProfile', { UserName: 'bob' })
  expect(await faultOf(() => bench.call('GetLoginProfile', { UserName: 'bob' }))).toBe(
    'NoSuchEntity 404 Login Profile for User bob cannot be found.',
  )
})

test.each([
  { name: 'short', policy: undefined, password: 'Ab1' },
  { name: 'plain', policy: undefined, password: 'aaaaaaaaaa' },
  { name: 'without a number', policy: { RequireNumbers: true }, password: 'Correct-horse' },
  { name: 'without a symbol', policy: { RequireSymbols: true }, password: 'Correcthorse9' },
  { name: 'without a capital', policy: { RequireUppercaseCharacters: true }, password: 'correct-horse-9' },
  { name: 'shorter than the account asks', policy: { MinimumPasswordLength: 20 }, password: OLD },
])('a password that is $name is refused', async ({ policy, password }) => {
  if (policy !== undefined) await bench.call('UpdateAccountPasswordPolicy', policy)
  expect(await faultOf(() => create(password))).toContain('PasswordPolicyViolation 400')
  expect(await faultOf(() => bench.call('GetLoginProfile', { UserName: 'bob' }))).toContain('NoSuchEntity')
})

test('a user changes its own password, knowing the old one; earlier ones may be kept from coming again', async () => {
  await create()
  await bench.call('UpdateAccountPasswordPolicy', { MinimumPasswordLength: 8, PasswordReusePrevention: 2 })
  expect(await faultOf(() => change('guess', 'Another-horse-1'))).toContain('AccessDenied 403')
  expect(await faultOf(() => change(OLD, 'x', rootOf(ACCOUNT)))).toContain('InvalidUserType 400')
  await change(OLD, 'Another-horse-1')
  expect(await faultOf(() => change('Another-horse-1', OLD))).toContain('PasswordPolicyViolation 400')
  await change('Another-horse-1', 'Third-horse-22')
  await change('Third-horse-22', OLD)
})

test('an administrator sets another password, or asks for a change', async () => {
  await create()
  await bench.call('UpdateLoginProfile', { UserName: 'bob', PasswordResetRequired: true })
  expect((await bench.call('GetLoginProfile', { UserName: 'bob' })).LoginProfile.PasswordResetRequired).toBe(true)
  await bench.call('UpdateLoginProfile', { UserName: 'bob', Password: 'Third-horse-22' })
  await change('Third-horse-22', 'Fourth-horse-3')
  expect((await bench.call('GetLoginProfile', { UserName: 'bob' })).LoginProfile.PasswordResetRequired).toBe(false)
})
