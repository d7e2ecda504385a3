import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, faultOf, roleSession, rootOf } from '#services/iam/test-bench.ts'
import { allowing } from '#services/iam/test-documents.ts'
import { codeAt, stepOf } from '#services/iam/totp.ts'
import { type StsBench, openBench } from '#services/sts/test-bench.ts'

let bench: StsBench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bob = await bench.iam.createUser('bob')
})
afterEach(() => bench.close())

test('GetSessionToken gives the user temporary credentials of its own, twelve hours long', async () => {
  const { Credentials } = await bench.call('GetSessionToken', {}, bob)
  const found = await bench.behind(Credentials?.AccessKeyId ?? '')
  expect(found?.principal).toMatchObject({ kind: 'user', userName: 'bob', arn: `arn:aws:iam::${ACCOUNT}:user/bob` })
  const start = Math.floor(bench.iam.clock.now() / 1_000) * 1_000
  expect(Credentials?.Expiration).toBe(start + 43_200_000)
  const root = await bench.call('GetSessionToken', { DurationSeconds: 7_200 }, rootOf(ACCOUNT))
  expect(root.Credentials?.Expiration).toBe(start + 3_600_000)
})

test('a session cannot make another one of these', async () => {
  const { Credentials } = await bench.call('GetSessionToken', {}, bob)
  const session = (await bench.behind(Credentials?.AccessKeyId ?? ''))?.principal ?? bob
  for (const caller of [session, roleSession]) {
    expect(await faultOf(() => bench.call('GetSessionToken', {}, caller))).toBe(
      'AccessDenied 403 Cannot call GetSessionToken with session credentials',
    )
    expect(await faultOf(() => bench.call('GetFederationToken', { Name: 'carol' }, caller))).toBe(
      'AccessDenied 403 Cannot call GetFederationToken with session credentials',
    )
  }
})

test('a federated user has the policies of its issuer and the session policies that were given', async () => {
  await bench.iam.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: allowing('logs:*') })
  const asked = { Name: 'carol', Policy: allowing('logs:Get*'), Tags: [{ Key: 'a', Value: 'b' }] }
  const { Credentials, FederatedUser } = await bench.call('GetFederationToken', asked, bob)
  expect(FederatedUser).toEqual({
    Arn: `arn:aws:sts::${ACCOUNT}:federated-user/carol`,
    FederatedUserId: `${ACCOUNT}:carol`,
  })
  const found = await bench.behind(Credentials?.AccessKeyId ?? '')
  if (found === undefined) throw new Error('the session is unknown')
  expect(found.principal).toMatchObject({ kind: 'federated-user', issuer: { kind: 'user', name: 'bob' } })
  const identity = bench.iam.identity()
  expect((await identity.profile(found.principal)).identity.map(({ name }) => name)).toEqual(['p'])
  expect(await identity.profile(found.principal)).toMatchObject({ tags: [{ Key: 'a', Value: 'b' }], session: [{}] })
  const checks = await bench.checks('GetFederationToken', asked, bob)
  expect(checks.map(({ action }) => action)).toEqual(['sts:GetFederationToken', 'sts:TagSession'])
})

test('sessions of a user end with the user', async () => {
  const { Credentials } = await bench.call('GetSessionToken', {}, bob)
  const federated = await bench.call('GetFederationToken', { Name: 'carol' }, bob)
  await bench.iam.call('DeleteUser', { UserName: 'bob' })
  expect(await bench.behind(Credentials?.AccessKeyId ?? '')).toBeUndefined()
  expect(await bench.behind(federated.Credentials?.AccessKeyId ?? '')).toBeUndefined()
})

test('the account of a key is read out of its id', async () => {
  const { AccessKey } = await bench.iam.call('CreateAccessKey', { UserName: 'bob' })
  const { AccessKeyId } = AccessKey
  expect(await bench.call('GetAccessKeyInfo', { AccessKeyId }, bob)).toEqual({ Account: ACCOUNT })
  expect(await faultOf(() => bench.call('GetAccessKeyInfo', { AccessKeyId: 'not-a-key-of-anybody' }, bob))).toContain(
    'ValidationError 400',
  )
})

test('a code of the MFA device proves a second factor, once', async () => {
  const { VirtualMFADevice } = await bench.iam.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const { SerialNumber } = VirtualMFADevice
  const seed = Buffer.from(VirtualMFADevice.Base32StringSeed ?? []).toString()
  const code = (offset = 0) => codeAt(seed, stepOf(bench.iam.clock.now()) + offset)
  await bench.iam.call('EnableMFADevice', {
    UserName: 'bob',
    SerialNumber,
    AuthenticationCode1: code(-1),
    AuthenticationCode2: code(),
  })
  bench.iam.clock.at += 60_000
  const ask = (TokenCode: string) => bench.call('GetSessionToken', { SerialNumber, TokenCode }, bob)
  expect(await faultOf(() => ask('000000'))).toContain('AccessDenied 403 MultiFactorAuthentication failed')
  const TokenCode = code()
  const { Credentials } = await ask(TokenCode)
  expect((await bench.behind(Credentials?.AccessKeyId ?? ''))?.principal).toMatchObject({
    session: { mfaAt: bench.iam.clock.now() },
  })
  expect(await faultOf(() => ask(TokenCode))).toContain('MultiFactorAuthentication failed')
  expect(await faultOf(() => bench.call('GetSessionToken', { SerialNumber }, bob))).toContain('AccessDenied 403')
  bench.iam.clock.at += 60_000
  const asked = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/r`, RoleSessionName: 'ci', SerialNumber, TokenCode: code() }
  const [check] = await bench.checks('AssumeRole', asked, bob)
  expect(check?.context).toMatchObject({ 'aws:MultiFactorAuthPresent': 'true' })
  const carol = await bench.iam.createUser('carol')
  expect(await faultOf(() => bench.checks('AssumeRole', asked, carol))).toContain('MultiFactorAuthentication failed')
})
