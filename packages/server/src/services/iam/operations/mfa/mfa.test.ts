import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { codeAt, matchingStep, stepOf } from '#services/iam/totp.ts'

let bench: Bench
beforeEach(async () => {
  bench = openBench()
  await bench.createUser('bob')
})
afterEach(() => bench.close())

const SerialNumber = `arn:aws:iam::${ACCOUNT}:mfa/phone`
const create = async (): Promise<string> => {
  const { VirtualMFADevice } = await bench.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  expect(VirtualMFADevice.SerialNumber).toBe(SerialNumber)
  return Buffer.from(VirtualMFADevice.Base32StringSeed ?? []).toString()
}
const code = (seed: string, offset = 0): string => codeAt(seed, stepOf(bench.clock.now()) + offset)
const enable = (AuthenticationCode1: string, AuthenticationCode2: string, UserName = 'bob') =>
  bench.call('EnableMFADevice', { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 })

test('codes are those of RFC 6238', () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  expect([59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map((at) => codeAt(seed, stepOf(at * 1_000)))).toEqual([
    '287082',
    '081804',
    '005924',
    '353130',
  ])
})

test('a code is good for a step either way, and once', () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const now = 1_000 * 30_000
  expect([-2, -1, 0, 1, 2].map((offset) => matchingStep(seed, codeAt(seed, 1_000 + offset), now, 0))).toEqual([
    undefined,
    999,
    1_000,
    1_001,
    undefined,
  ])
  expect(matchingStep(seed, codeAt(seed, 1_000), now, 1_000)).toBeUndefined()
})

test('two codes in a row enable a device, which then keeps its user from being deleted', async () => {
  const seed = await create()
  expect(bench.written()).not.toContain(seed)
  expect(await faultOf(() => enable('000000', '111111'))).toContain('InvalidAuthenticationCode 403')
  expect(await faultOf(() => enable(code(seed, 1), code(seed)))).toContain('InvalidAuthenticationCode 403')
  await enable(code(seed), code(seed, 1))
  expect((await bench.call('ListMFADevices', { UserName: 'bob' })).MFADevices).toMatchObject([{ SerialNumber }])
  expect(await bench.call('GetMFADevice', { SerialNumber })).toMatchObject({ UserName: 'bob' })
  const assigned = await bench.call('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })
  expect(assigned.VirtualMFADevices).toMatchObject([{ SerialNumber, User: { UserName: 'bob' } }])
  expect(assigned.VirtualMFADevices[0]).not.toHaveProperty('Base32StringSeed')
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toContain('must delete MFA device first')
  expect(await faultOf(() => bench.call('DeleteVirtualMFADevice', { SerialNumber }))).toContain('DeleteConflict 409')
  expect(await faultOf(() => enable(code(seed), code(seed, 1)))).toContain('EntityAlreadyExists 409')
})

test('a renamed user keeps its device; deactivated, the device is free and can be deleted', async () => {
  const seed = await create()
  await enable(code(seed), code(seed, 1))
  await bench.call('UpdateUser', { UserName: 'bob', NewUserName: 'robert' })
  expect(await bench.call('GetMFADevice', { SerialNumber })).toMatchObject({ UserName: 'robert' })
  await bench.call('ResyncMFADevice', {
    UserName: 'robert',
    SerialNumber,
    AuthenticationCode1: code(seed, 3),
    AuthenticationCode2: code(seed, 4),
  })
  await bench.call('DeactivateMFADevice', { UserName: 'robert', SerialNumber })
  expect((await bench.call('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })).VirtualMFADevices).toEqual([])
  await bench.call('DeleteVirtualMFADevice', { SerialNumber })
  expect(await faultOf(() => bench.call('GetMFADevice', { SerialNumber }))).toContain('NoSuchEntity 404')
})

test('the account id as user name is the root user', async () => {
  const seed = await create()
  await enable(code(seed), code(seed, 1), ACCOUNT)
  expect((await bench.call('GetAccountSummary', {})).SummaryMap).toMatchObject({ AccountMFAEnabled: 1, MFADevices: 1 })
})
