import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallAs } from '#kernel/call.ts'
import { accountId, region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { ROOT_KEY, type GatewayBench, openGatewayBench } from '../../../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

const ACCOUNT = accountId('111122223333')
const HOME = region('us-east-1')
let kms: KmsBench
let bench: GatewayBench
let root: CallAs
beforeAll(async () => {
  kms = await openKmsBench()
  bench = openGatewayBench({ kms: kms.service })
  root = asCaller({ kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accessKeyId: ACCOUNT })
})
afterAll(async () => {
  await bench.close()
  await kms.close()
})

const here = { region: HOME }
const Plaintext = Buffer.from('x')
/** A user without any identity policy: whatever it may do comes from grants. */
let users = 0
async function someone() {
  users += 1
  const { principal } = await bench.user(`grantee-${String(users)}`)
  return { arn: 'arn' in principal ? principal.arn : '', as: asCaller(principal) }
}
/** Calls through the gate as this principal. */
const asCaller = (principal: Principal): CallAs => ({
  kind: 'caller',
  ctx: {
    ...kms.context({ principal, account: principal.kind === 'service' ? ACCOUNT : principal.account, ...here }),
    call: bench.gateway.call,
  },
  via: 'test.amazonaws.com',
})
const call: (typeof bench)['gateway']['call'] = (...parameters) => bench.gateway.call(...parameters)
const grant = (KeyId: string, GranteePrincipal: string, more: object) =>
  call(root, 'kms', 'CreateGrant', { KeyId, GranteePrincipal, Operations: ['Encrypt', 'Decrypt'], ...more })
const denied = { code: 'AccessDeniedException' }
const encrypt = (as: CallAs, KeyId: string, EncryptionContext = {}) =>
  call(as, 'kms', 'Encrypt', { KeyId, Plaintext, EncryptionContext })

describe('a grant', () => {
  test('lets its grantee in at once, for its operations and its key, until it is revoked', async () => {
    const [key, other] = [await kms.key({}, here), await kms.key({}, here)]
    const grantee = await someone()
    await expect(encrypt(grantee.as, key.KeyId)).rejects.toMatchObject(denied)
    const { GrantId = '', GrantToken } = await grant(key.KeyId, grantee.arn, {})
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/)
    const { CiphertextBlob } = await encrypt(grantee.as, key.KeyId)
    expect(await call(grantee.as, 'kms', 'Decrypt', { CiphertextBlob, GrantTokens: [GrantToken ?? ''] })).toMatchObject(
      {
        KeyId: key.Arn,
      },
    )
    await expect(encrypt(grantee.as, other.KeyId)).rejects.toMatchObject(denied)
    await expect(call(grantee.as, 'kms', 'DescribeKey', { KeyId: key.KeyId })).rejects.toMatchObject(denied)
    await expect(encrypt((await someone()).as, key.KeyId)).rejects.toMatchObject(denied)
    await call(root, 'kms', 'RevokeGrant', { KeyId: key.KeyId, GrantId })
    await expect(encrypt(grantee.as, key.KeyId)).rejects.toMatchObject(denied)
    await expect(call(root, 'kms', 'RevokeGrant', { KeyId: key.KeyId, GrantId })).rejects.toMatchObject({
      code: 'NotFoundException',
    })
  })

  test('does not overrule a Deny of the key policy', async () => {
    const { KeyId } = await kms.key({}, here)
    const grantee = await someone()
    await grant(KeyId, grantee.arn, {})
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Deny', Principal: { AWS: grantee.arn }, Action: 'kms:Encrypt', Resource: '*' },
      ],
    })
    await kms.call('PutKeyPolicy', { KeyId, Policy }, here)
    await expect(encrypt(grantee.as, KeyId)).rejects.toMatchObject(denied)
  })

  test('is found among many to others', async () => {
    const { KeyId } = await kms.key({}, here)
    for (let count = 0; count < 30; count += 1)
      await grant(KeyId, `arn:aws:iam::${ACCOUNT}:user/other-${String(count)}`, {})
    const grantee = await someone()
    await grant(KeyId, grantee.arn, { Operations: ['DescribeKey'] })
    await grant(KeyId, grantee.arn, {})
    expect(await encrypt(grantee.as, KeyId)).toMatchObject({ KeyId: expect.stringContaining(KeyId) })
  })

  test('may be for a service, by either of its names, and one of its resources', async () => {
    const { KeyId } = await kms.key({}, here)
    const sourceArn = `arn:aws:mq:us-east-1:${ACCOUNT}:broker:orders:b-1`
    const as = (source: string): CallAs => ({
      kind: 'service',
      service: 'mq.amazonaws.com',
      sourceArn: source,
      sourceAccount: ACCOUNT,
      region: HOME,
    })
    await expect(encrypt(as(sourceArn), KeyId)).rejects.toMatchObject(denied)
    await call(root, 'kms', 'CreateGrant', {
      KeyId,
      GranteeServicePrincipal: 'mq.us-east-1.amazonaws.com',
      Operations: ['Encrypt'],
      Constraints: { SourceArn: sourceArn },
    })
    expect(await encrypt(as(sourceArn), KeyId)).toMatchObject({ EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
    await expect(encrypt(as(`${sourceArn}0`), KeyId)).rejects.toMatchObject(denied)
  })

  test('of a name is the same when it is asked for again', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn } = await someone()
    const first = await grant(KeyId, arn, { Name: 'retry' })
    const again = await grant(KeyId, arn, { Name: 'retry' })
    const other = await grant(KeyId, arn, { Name: 'retry', Operations: ['Encrypt'] })
    expect(again.GrantId).toBe(first.GrantId)
    expect(other.GrantId).not.toBe(first.GrantId)
    expect((await kms.call('ListGrants', { KeyId }, here)).Grants).toHaveLength(2)
  })

  test.each([
    [{ Operations: [] }, 'ValidationException'],
    [{ Operations: ['Sign'] }, 'ValidationException'],
    [{ GranteePrincipal: 'somebody' }, 'InvalidArnException'],
    [{ GranteePrincipal: 'arn:aws:iam::1:user/a' }, 'InvalidArnException'],
    [{ RetiringPrincipal: 'x' }, 'InvalidArnException'],
    [{ GranteeServicePrincipal: 'mq.amazonaws.com' }, 'ValidationException'],
    [
      { Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } } },
      'ValidationException',
    ],
    [{ DryRun: true }, 'DryRunOperationException'],
  ])('with %j is refused', async (more, code) => {
    const { KeyId } = await kms.key({}, here)
    await expect(grant(KeyId, `arn:aws:iam::${ACCOUNT}:user/a`, more)).rejects.toMatchObject({ code })
    expect((await kms.call('ListGrants', { KeyId }, here)).Grants).toEqual([])
  })

  test('on a key that cannot be used is refused', async () => {
    const { KeyId } = await kms.key({}, here)
    await kms.call('DisableKey', { KeyId }, here)
    await expect(grant(KeyId, `arn:aws:iam::${ACCOUNT}:user/a`, {})).rejects.toMatchObject({
      code: 'DisabledException',
    })
  })
})

describe('constraints', () => {
  test('a subset must be in the encryption context, with case', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    await grant(KeyId, arn, { Constraints: { EncryptionContextSubset: { team: 'orders' } } })
    expect(await encrypt(as, KeyId, { team: 'orders', env: 'x' })).toHaveProperty('CiphertextBlob')
    for (const context of [{}, { team: 'sales' }, { Team: 'orders' }, { team: 'Orders' }])
      await expect(encrypt(as, KeyId, context)).rejects.toMatchObject(denied)
  })

  test('an equal context must be there, and nothing else', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    await grant(KeyId, arn, { Constraints: { EncryptionContextEquals: { team: 'orders' } } })
    expect(await encrypt(as, KeyId, { team: 'orders' })).toHaveProperty('CiphertextBlob')
    for (const context of [{}, { team: 'orders', env: 'x' }])
      await expect(encrypt(as, KeyId, context)).rejects.toMatchObject(denied)
  })

  test('pairs that are given empty are no constraint', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    await grant(KeyId, arn, { Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: {} } })
    expect(await encrypt(as, KeyId, { a: 'b' })).toHaveProperty('CiphertextBlob')
    await expect(encrypt(as, KeyId, { a: 'b', c: 'd' })).rejects.toMatchObject(denied)
    const { Grants } = await kms.call('ListGrants', { KeyId }, here)
    expect(Grants?.[0]?.Constraints).toEqual({ EncryptionContextEquals: { a: 'b' } })
  })

  test('values are taken literally', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    await grant(KeyId, arn, { Constraints: { EncryptionContextSubset: { team: '*', user: '${aws:username}' } } })
    expect(await encrypt(as, KeyId, { team: '*', user: '${aws:username}' })).toHaveProperty('CiphertextBlob')
    await expect(encrypt(as, KeyId, { team: 'any', user: '${aws:username}' })).rejects.toMatchObject(denied)
  })
})

describe('a grantee with CreateGrant', () => {
  const pass = (as: CallAs, KeyId: string, more: object) =>
    call(as, 'kms', 'CreateGrant', {
      KeyId,
      GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/friend`,
      Operations: ['Decrypt'],
      ...more,
    })

  test('passes on what it has, and no more', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    await grant(KeyId, arn, { Operations: ['Decrypt', 'CreateGrant'] })
    expect(await pass(as, KeyId, {})).toHaveProperty('GrantId')
    await expect(pass(as, KeyId, { Operations: ['Decrypt', 'Encrypt'] })).rejects.toMatchObject(denied)
  })

  test('passes on its constraints as well, or narrower ones', async () => {
    const { KeyId } = await kms.key({}, here)
    const { arn, as } = await someone()
    const Constraints = { EncryptionContextSubset: { team: 'orders' } }
    await grant(KeyId, arn, { Operations: ['Decrypt', 'CreateGrant'], Constraints })
    expect(await pass(as, KeyId, { Constraints })).toHaveProperty('GrantId')
    expect(
      await pass(as, KeyId, { Constraints: { EncryptionContextEquals: { team: 'orders', env: 'x' } } }),
    ).toHaveProperty('GrantId')
    await expect(pass(as, KeyId, {})).rejects.toMatchObject(denied)
    await expect(
      pass(as, KeyId, { Constraints: { EncryptionContextSubset: { team: 'sales' } } }),
    ).rejects.toMatchObject(denied)
  })
})

describe('retiring', () => {
  test('is for whom the grant names, by token or by id', async () => {
    const { KeyId } = await kms.key({}, here)
    const [grantee, retiring] = [await someone(), await someone()]
    const one = await grant(KeyId, grantee.arn, { RetiringPrincipal: retiring.arn })
    const two = await grant(KeyId, grantee.arn, { RetiringPrincipal: retiring.arn, Operations: ['Encrypt'] })
    expect(await call(root, 'kms', 'ListRetirableGrants', { RetiringPrincipal: retiring.arn })).toMatchObject({
      Grants: [{}, {}],
    })
    const byToken = { GrantToken: one.GrantToken ?? '' }
    await expect(call(grantee.as, 'kms', 'RetireGrant', byToken)).rejects.toMatchObject(denied)
    await expect(call(retiring.as, 'kms', 'RetireGrant', { ...byToken, DryRun: true })).rejects.toMatchObject({
      code: 'DryRunOperationException',
    })
    await call(retiring.as, 'kms', 'RetireGrant', byToken)
    await call(retiring.as, 'kms', 'RetireGrant', { KeyId, GrantId: two.GrantId ?? '' })
    await expect(encrypt(grantee.as, KeyId)).rejects.toMatchObject(denied)
    expect(await call(root, 'kms', 'ListRetirableGrants', { RetiringPrincipal: retiring.arn })).toMatchObject({
      Grants: [],
      Truncated: false,
    })
  })

  test('is for the grantee when RetireGrant is among its operations', async () => {
    const { KeyId } = await kms.key({}, here)
    const grantee = await someone()
    const { GrantToken = '' } = await grant(KeyId, grantee.arn, { Operations: ['Decrypt', 'RetireGrant'] })
    await call(grantee.as, 'kms', 'RetireGrant', { GrantToken })
    expect((await kms.call('ListGrants', { KeyId }, here)).Grants).toEqual([])
  })

  test.each([
    [{}, 'ValidationException'],
    [{ KeyId: 'k' }, 'ValidationException'],
    [{ GrantToken: 't', GrantId: 'g' }, 'ValidationException'],
    [{ GrantToken: 'bm8gdG9rZW4' }, 'InvalidGrantTokenException'],
  ])('%j names no grant', async (input, code) => {
    await expect(call(root, 'kms', 'RetireGrant', input)).rejects.toMatchObject({ code })
  })
})

describe('lists', () => {
  test('show grants in full, in pages, of one grantee, or one', async () => {
    const { KeyId, Arn } = await kms.key({}, here)
    const [a, b] = [`arn:aws:iam::${ACCOUNT}:user/a`, `arn:aws:iam::${ACCOUNT}:role/b`]
    const { GrantId = '' } = await grant(KeyId, a, {
      Name: 'first',
      Constraints: { EncryptionContextSubset: { x: 'y' } },
    })
    for (let count = 0; count < 4; count += 1) await grant(KeyId, b, { RetiringPrincipal: a })
    expect(await kms.call('ListGrants', { KeyId, GranteePrincipal: a }, here)).toEqual({
      Grants: [
        {
          KeyId: Arn,
          GrantId,
          Name: 'first',
          CreationDate: expect.any(Number),
          GranteePrincipal: a,
          IssuingAccount: `arn:aws:iam::${ACCOUNT}:root`,
          Operations: ['Encrypt', 'Decrypt'],
          Constraints: { EncryptionContextSubset: { x: 'y' } },
        },
      ],
      Truncated: false,
    })
    expect((await kms.call('ListGrants', { KeyId, GrantId }, here)).Grants).toHaveLength(1)
    const seen: (string | undefined)[] = []
    let Marker: string | undefined
    do {
      const page = await kms.call('ListGrants', { KeyId, Limit: 2, ...(Marker === undefined ? {} : { Marker }) }, here)
      seen.push(...(page.Grants ?? []).map((one) => one.GrantId))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(new Set(seen).size).toBe(5)
    await expect(kms.call('ListGrants', { KeyId, GrantId: 'not hex' }, here)).rejects.toMatchObject({
      code: 'InvalidGrantIdException',
    })
  })
})

test('a token that nobody issued is refused before anything else', async () => {
  const { KeyId } = await kms.key({}, here)
  await expect(call(root, 'kms', 'Encrypt', { KeyId, Plaintext, GrantTokens: ['AAAA'] })).rejects.toMatchObject({
    code: 'InvalidGrantTokenException',
  })
  const { GrantToken = '' } = await grant(KeyId, `arn:aws:iam::${ACCOUNT}:user/a`, {})
  const other = Buffer.from(GrantToken, 'base64url')
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
  await expect(
    call(root, 'kms', 'Encrypt', { KeyId, Plaintext, GrantTokens: [other.toString('base64url')] }),
  ).rejects.toMatchObject({ code: 'InvalidGrantTokenException' })
  const reply = await bench.send('kms', 'DescribeKey', { KeyId, GrantTokens: ['x'.repeat(100)] }, ROOT_KEY)
  expect(reply.status).toBe(400)
})
