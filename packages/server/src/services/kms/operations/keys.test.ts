import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MILLIS, type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const describeKey = async (KeyId: string) => (await bench.call('DescribeKey', { KeyId })).KeyMetadata
const Plaintext = Buffer.from('x')

describe('CreateKey', () => {
  test('makes a symmetric key with the default policy', async () => {
    const { KeyMetadata } = await bench.call('CreateKey', {})
    expect(KeyMetadata).toEqual({
      AWSAccountId: '111122223333',
      KeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Arn: `arn:aws:kms:eu-west-1:111122223333:key/${KeyMetadata?.KeyId ?? ''}`,
      CreationDate: bench.clock.now(),
      Enabled: true,
      Description: '',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await describeKey(KeyMetadata?.KeyId ?? '')).toEqual(KeyMetadata)
  })

  test.each([
    ['RSA_2048', 'SIGN_VERIFY', { SigningAlgorithms: expect.arrayContaining(['RSASSA_PSS_SHA_512']) }],
    ['RSA_3072', 'ENCRYPT_DECRYPT', { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] }],
    ['ECC_NIST_P256', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
    ['ECC_NIST_P384', 'KEY_AGREEMENT', { KeyAgreementAlgorithms: ['ECDH'] }],
    ['ECC_NIST_P521', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_512'] }],
    ['ECC_SECG_P256K1', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
    ['HMAC_224', 'GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_224'] }],
    ['HMAC_512', 'GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_512'] }],
  ] as const)('makes %s keys for %s', async (KeySpec, KeyUsage, algorithms) => {
    const metadata = await bench.key({ KeySpec, KeyUsage })
    expect(metadata).toMatchObject({ KeySpec, CustomerMasterKeySpec: KeySpec, KeyUsage, ...algorithms })
    expect(metadata).not.toHaveProperty('CurrentKeyMaterialId')
  })

  test('gives keys of several regions their own sort of id', async () => {
    const metadata = await bench.key({ MultiRegion: true })
    expect(metadata.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/)
    expect(metadata).toMatchObject({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: metadata.Arn, Region: 'eu-west-1' },
        ReplicaKeys: [],
      },
    })
    const { CiphertextBlob } = await bench.call('Encrypt', { KeyId: metadata.KeyId, Plaintext })
    expect(await bench.call('Decrypt', { CiphertextBlob })).toMatchObject({ KeyId: metadata.Arn })
  })

  test.each([
    [{ KeySpec: 'RSA_2048' }, 'ValidationException', /must specify a KeyUsage/],
    [{ KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' }, 'ValidationException', /not compatible/],
    [{ KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'KEY_AGREEMENT' }, 'ValidationException', /not compatible/],
    [{ KeyUsage: 'SIGN_VERIFY' }, 'ValidationException', /not compatible/],
    [{ KeySpec: 'RSA_2048', CustomerMasterKeySpec: 'RSA_3072' }, 'ValidationException', /same request/],
    [{ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }, 'NotImplemented', /SM2 is not built/],
    [{ KeySpec: 'ML_DSA_65', KeyUsage: 'SIGN_VERIFY' }, 'NotImplemented', /not built/],
    [{ Origin: 'AWS_CLOUDHSM' }, 'NotImplemented', /custom key store/],
    [{ CustomKeyStoreId: 'cks-1' }, 'NotImplemented', /custom key store/],
    [{ Policy: '{' }, 'MalformedPolicyDocumentException', /./],
    [{ Policy: ' '.repeat(40_000) }, 'LimitExceededException', /32768 bytes/],
    [{ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException', /aws:/],
    [
      {
        Tags: [
          { TagKey: 'a', TagValue: '1' },
          { TagKey: 'a', TagValue: '2' },
        ],
      },
      'TagException',
      /Duplicate/,
    ],
  ] as const)('refuses %j', async (input, code, message) => {
    const before = (await bench.call('ListKeys', { Limit: 1_000 })).Keys?.length
    await expect(bench.call('CreateKey', input)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
    expect((await bench.call('ListKeys', { Limit: 1_000 })).Keys).toHaveLength(before ?? 0)
  })
})

describe('states', () => {
  const uses = (KeyId: string) => bench.call('Encrypt', { KeyId, Plaintext })

  test('a disabled key does nothing until it is enabled', async () => {
    const { KeyId, Arn } = await bench.key()
    const { CiphertextBlob } = await uses(KeyId)
    await bench.call('DisableKey', { KeyId })
    expect(await describeKey(KeyId)).toMatchObject({ Enabled: false, KeyState: 'Disabled' })
    const disabled = { code: 'DisabledException', message: `${Arn} is disabled.` }
    await expect(uses(KeyId)).rejects.toMatchObject(disabled)
    await expect(bench.call('Decrypt', { CiphertextBlob })).rejects.toMatchObject(disabled)
    await expect(bench.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).rejects.toMatchObject(disabled)
    await expect(bench.call('EnableKeyRotation', { KeyId })).rejects.toMatchObject(disabled)
    await bench.call('EnableKey', { KeyId })
    expect(await bench.call('Decrypt', { CiphertextBlob })).toMatchObject({ KeyId: Arn })
  })

  test('a key that waits for its end cannot be used or changed, and comes back disabled', async () => {
    const { KeyId, Arn } = await bench.key()
    const scheduled = await bench.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    expect(scheduled).toEqual({
      KeyId: Arn,
      DeletionDate: bench.clock.now() + 7 * DAY_MILLIS,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
    })
    expect(await describeKey(KeyId)).toMatchObject({
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate: scheduled.DeletionDate,
    })
    const pending = { code: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` }
    await expect(uses(KeyId)).rejects.toMatchObject(pending)
    await expect(bench.call('EnableKey', { KeyId })).rejects.toMatchObject(pending)
    await expect(bench.call('DisableKey', { KeyId })).rejects.toMatchObject(pending)
    await expect(bench.call('ScheduleKeyDeletion', { KeyId })).rejects.toMatchObject(pending)
    await expect(bench.call('UpdateKeyDescription', { KeyId, Description: 'd' })).rejects.toMatchObject(pending)
    await expect(bench.call('CreateAlias', { AliasName: 'alias/late', TargetKeyId: KeyId })).rejects.toMatchObject(
      pending,
    )
    await expect(bench.call('TagResource', { KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })).rejects.toMatchObject(
      pending,
    )
    expect(await bench.call('CancelKeyDeletion', { KeyId })).toEqual({ KeyId: Arn })
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'Disabled' })
    expect(await describeKey(KeyId)).not.toHaveProperty('DeletionDate')
    await expect(bench.call('CancelKeyDeletion', { KeyId })).rejects.toMatchObject({
      code: 'KMSInvalidStateException',
      message: `${Arn} is not pending deletion.`,
    })
  })

  test.each([6, 31])('a window of %d days is refused', async (PendingWindowInDays) => {
    const { KeyId } = await bench.key()
    await expect(bench.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining("at 'pendingWindowInDays' failed to satisfy constraint"),
    })
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'Enabled' })
  })

  test('at the end of the window the key is gone with its material, aliases and grants, and what it sealed is lost', async () => {
    const { KeyId, Arn } = await bench.key()
    await bench.call('CreateAlias', { AliasName: 'alias/short-lived', TargetKeyId: KeyId })
    await bench.call('CreateGrant', {
      KeyId,
      GranteePrincipal: 'arn:aws:iam::111122223333:user/a',
      Operations: ['Decrypt'],
    })
    const { CiphertextBlob } = await uses(KeyId)
    await bench.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    bench.clock.advance(7 * DAY_MILLIS - 1)
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingDeletion' })
    bench.clock.advance(1)
    const listed = await bench.call('ListKeys', { Limit: 1_000 })
    expect(listed.Keys?.map(({ KeyArn }) => KeyArn)).not.toContain(Arn)
    await expect(describeKey(KeyId)).rejects.toMatchObject({ code: 'NotFoundException' })
    await expect(bench.call('Decrypt', { CiphertextBlob })).rejects.toMatchObject({ code: 'AccessDeniedException' })
    const { Aliases } = await bench.call('ListAliases', { Limit: 1_000 })
    expect(Aliases?.map(({ AliasName }) => AliasName)).not.toContain('alias/short-lived')
    for (const collection of ['kms.key', 'kms.material', 'kms.grant', 'kms.key-alias'])
      expect((await bench.records.listAll(collection)).filter(({ key }) => key.id.startsWith(KeyId))).toEqual([])
  })

  test('the sweep ends material though nobody asks for the key', async () => {
    const { KeyId } = await bench.key()
    await bench.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    bench.clock.advance(8 * DAY_MILLIS)
    await bench.sweep(bench.clock.now())
    const left = (await bench.records.listAll('kms.material')).map(({ key }) => key.id)
    expect(left.filter((id) => id.startsWith(KeyId))).toEqual([])
  })
})

describe('lists', () => {
  test('keys come in pages whose markers cannot be changed or used elsewhere', async () => {
    const other = { region: 'ap-south-1' as typeof bench.region }
    const made = new Set<string>()
    for (let count = 0; count < 5; count += 1) made.add((await bench.key({}, other)).KeyId)
    const seen: (string | undefined)[] = []
    let Marker: string | undefined
    do {
      const page = await bench.call('ListKeys', { Limit: 2, ...(Marker === undefined ? {} : { Marker }) }, other)
      seen.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId))
      expect(page.Truncated).toBe(page.NextMarker !== undefined)
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(new Set(seen)).toEqual(made)
    expect(seen).toHaveLength(5)
    const { NextMarker = '' } = await bench.call('ListKeys', { Limit: 2 }, other)
    for (const bad of [`${NextMarker}A`, 'x'])
      await expect(bench.call('ListKeys', { Marker: bad }, other)).rejects.toMatchObject({
        code: 'InvalidMarkerException',
      })
    await expect(bench.call('ListKeys', { Marker: NextMarker })).rejects.toMatchObject({
      code: 'InvalidMarkerException',
    })
  })

  test('a page that is just full is the last one', async () => {
    const other = { region: 'ap-south-2' as typeof bench.region }
    await bench.key({}, other)
    await bench.key({}, other)
    expect(await bench.call('ListKeys', { Limit: 2 }, other)).toMatchObject({ Truncated: false })
  })
})

test('a description is what it was last said to be', async () => {
  const { KeyId } = await bench.key({ Description: 'first' })
  await bench.call('UpdateKeyDescription', { KeyId, Description: 'second' })
  expect(await describeKey(KeyId)).toMatchObject({ Description: 'second' })
})

test('tags are added, replaced, removed and listed in pages', async () => {
  const { KeyId } = await bench.key({ Tags: [{ TagKey: 'team', TagValue: 'orders' }] })
  await bench.call('TagResource', {
    KeyId,
    Tags: [
      { TagKey: 'team', TagValue: 'sales' },
      { TagKey: 'env', TagValue: 'test' },
    ],
  })
  expect(await bench.call('ListResourceTags', { KeyId })).toEqual({
    Tags: [
      { TagKey: 'team', TagValue: 'sales' },
      { TagKey: 'env', TagValue: 'test' },
    ],
    Truncated: false,
  })
  const first = await bench.call('ListResourceTags', { KeyId, Limit: 1 })
  expect(first).toMatchObject({ Tags: [{ TagKey: 'team' }], Truncated: true })
  expect(await bench.call('ListResourceTags', { KeyId, Limit: 1, Marker: first.NextMarker })).toMatchObject({
    Tags: [{ TagKey: 'env' }],
    Truncated: false,
  })
  await bench.call('UntagResource', { KeyId, TagKeys: ['team', 'none'] })
  expect((await bench.call('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: 'env', TagValue: 'test' }])
  const many = Array.from({ length: 50 }, (_, index) => ({ TagKey: `k${String(index)}`, TagValue: '' }))
  await expect(bench.call('TagResource', { KeyId, Tags: many })).rejects.toMatchObject({
    code: 'LimitExceededException',
  })
  expect((await bench.call('ListResourceTags', { KeyId })).Tags).toHaveLength(1)
})

test('of many changes at once none is lost', async () => {
  const { KeyId } = await bench.key()
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      bench.call('TagResource', { KeyId, Tags: [{ TagKey: `t${String(index)}`, TagValue: '' }] }),
    ),
  )
  expect((await bench.call('ListResourceTags', { KeyId })).Tags).toHaveLength(12)
})
