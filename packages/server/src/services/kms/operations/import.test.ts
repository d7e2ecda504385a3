import { generateKeyPairSync, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importMaterial, wrapped } from '#services/kms/testing/import-material.ts'
import { DAY_MILLIS, type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const MATERIAL = Buffer.alloc(32, 0x5a)
const Plaintext = Buffer.from('x')
const external = () => bench.key({ Origin: 'EXTERNAL' })
const describeKey = async (KeyId: string) => (await bench.call('DescribeKey', { KeyId })).KeyMetadata
const parameters = (KeyId: string) =>
  bench.call('GetParametersForImport', { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' })

test('a key of origin EXTERNAL waits for its material, and works once it has some', async () => {
  const { KeyId, Arn, ...metadata } = await external()
  expect(metadata).toMatchObject({ Origin: 'EXTERNAL', KeyState: 'PendingImport', Enabled: false })
  const pending = { code: 'KMSInvalidStateException', message: `${Arn} is pending import.` }
  await expect(bench.call('Encrypt', { KeyId, Plaintext })).rejects.toMatchObject(pending)
  await expect(bench.call('EnableKey', { KeyId })).rejects.toMatchObject(pending)
  const imported = await importMaterial(bench, KeyId, MATERIAL)
  expect(imported).toEqual({ KeyId: Arn, KeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(await describeKey(KeyId)).toMatchObject({
    KeyState: 'Enabled',
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    CurrentKeyMaterialId: imported.KeyMaterialId,
  })
  const { CiphertextBlob } = await bench.call('Encrypt', { KeyId, Plaintext })
  expect(await bench.call('Decrypt', { CiphertextBlob })).toMatchObject({ KeyId: Arn })
})

test.each(['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const)(
  'material comes wrapped with %s',
  async (algorithm) => {
    const { KeyId } = await external()
    await importMaterial(bench, KeyId, MATERIAL, {}, algorithm)
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'Enabled' })
  },
)

test('a private key that is imported signs as it did before', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { KeyId } = await bench.key({ Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  await importMaterial(bench, KeyId, pkcs8, {}, 'RSA_AES_KEY_WRAP_SHA_256')
  const { Signature = Buffer.of() } = await bench.call('Sign', {
    KeyId,
    Message: Plaintext,
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
  })
  expect(verify('sha256', Plaintext, pair.publicKey, Signature)).toBe(true)
})

describe('material', () => {
  test('that expires is gone, and the same can be imported again', async () => {
    const { KeyId } = await external()
    const ValidTo = bench.clock.now() + DAY_MILLIS
    await importMaterial(bench, KeyId, MATERIAL, { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo })
    expect(await describeKey(KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo })
    const { CiphertextBlob } = await bench.call('Encrypt', { KeyId, Plaintext })
    bench.clock.advance(DAY_MILLIS)
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingImport' })
    expect(await describeKey(KeyId)).not.toHaveProperty('ValidTo')
    const left = (await bench.records.listAll('kms.material')).filter(({ key }) => key.id.startsWith(KeyId))
    expect(left).toEqual([])
    await expect(bench.call('Decrypt', { CiphertextBlob })).rejects.toMatchObject({ code: 'KMSInvalidStateException' })
    await expect(importMaterial(bench, KeyId, Buffer.alloc(32, 1))).rejects.toMatchObject({
      code: 'IncorrectKeyMaterialException',
    })
    await importMaterial(bench, KeyId, MATERIAL, { KeyMaterialDescription: 'again' })
    expect(Buffer.from((await bench.call('Decrypt', { CiphertextBlob })).Plaintext ?? [])).toEqual(Plaintext)
    const { Rotations } = await bench.call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
    expect(Rotations).toMatchObject([{ ImportState: 'IMPORTED', KeyMaterialDescription: 'again' }])
  })

  test('is deleted at once, and the key waits again', async () => {
    const { KeyId, Arn } = await external()
    const { KeyMaterialId } = await importMaterial(bench, KeyId, MATERIAL)
    expect(await bench.call('DeleteImportedKeyMaterial', { KeyId })).toEqual({ KeyId: Arn, KeyMaterialId })
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingImport' })
    expect(await bench.call('DeleteImportedKeyMaterial', { KeyId })).toEqual({ KeyId: Arn, KeyMaterialId })
    await bench.call('ScheduleKeyDeletion', { KeyId })
    await bench.call('CancelKeyDeletion', { KeyId })
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingImport' })
  })

  test.each([
    ['too short', Buffer.alloc(16)],
    ['too long', Buffer.alloc(64)],
  ])('that is %s is refused', async (_name, material) => {
    const { KeyId } = await external()
    await expect(importMaterial(bench, KeyId, material)).rejects.toMatchObject({
      code: 'IncorrectKeyMaterialException',
    })
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingImport' })
  })

  test('of another kind of key is refused', async () => {
    const { KeyId } = await bench.key({ Origin: 'EXTERNAL', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey
    for (const material of [Buffer.alloc(32), other.export({ format: 'der', type: 'pkcs8' })])
      await expect(importMaterial(bench, KeyId, material, {}, 'RSA_AES_KEY_WRAP_SHA_256')).rejects.toMatchObject({
        code: 'IncorrectKeyMaterialException',
      })
  })

  test('of a key that has some cannot be replaced by new one', async () => {
    const { KeyId } = await external()
    await importMaterial(bench, KeyId, MATERIAL)
    await expect(
      importMaterial(bench, KeyId, Buffer.alloc(32, 9), { ImportType: 'NEW_KEY_MATERIAL' }),
    ).rejects.toMatchObject({ code: 'NotImplemented', status: 501 })
    await expect(bench.call('RotateKeyOnDemand', { KeyId })).rejects.toMatchObject({ code: 'KMSInvalidStateException' })
  })
})

describe('import tokens', () => {
  test('are of one key, unchanged, and good for a day', async () => {
    const [one, two] = [await external(), await external()]
    const { ImportToken = Buffer.of(), PublicKey, ParametersValidTo } = await parameters(one.KeyId)
    expect(ParametersValidTo).toBe(bench.clock.now() + DAY_MILLIS)
    const EncryptedKeyMaterial = wrapped(Buffer.from(PublicKey ?? []), 'RSAES_OAEP_SHA_256', MATERIAL)
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE'
    const send = (KeyId: string, token: Uint8Array, material: Uint8Array = EncryptedKeyMaterial) =>
      bench.call('ImportKeyMaterial', { KeyId, ImportToken: token, EncryptedKeyMaterial: material, ExpirationModel })
    const changed = Buffer.from(ImportToken)
    changed[20] = (changed[20] ?? 0) ^ 1
    const invalid = { code: 'InvalidImportTokenException' }
    await expect(send(two.KeyId, ImportToken)).rejects.toMatchObject(invalid)
    await expect(send(one.KeyId, changed)).rejects.toMatchObject(invalid)
    await expect(send(one.KeyId, Buffer.from('short'))).rejects.toMatchObject(invalid)
    await expect(send(one.KeyId, ImportToken, Buffer.alloc(256))).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    })
    bench.clock.advance(DAY_MILLIS)
    await expect(send(one.KeyId, ImportToken)).rejects.toMatchObject({ code: 'ExpiredImportTokenException' })
  })

  test('do not show the wrapping key', async () => {
    const { KeyId } = await external()
    const { ImportToken } = await parameters(KeyId)
    expect(Buffer.from(ImportToken ?? []).toString('latin1')).not.toContain('wrappingKey')
  })

  test('are given for keys of origin EXTERNAL only, and not for withdrawn algorithms', async () => {
    const own = await bench.key()
    const unsupported = { code: 'UnsupportedOperationException' }
    await expect(parameters(own.KeyId)).rejects.toMatchObject(unsupported)
    await expect(bench.call('DeleteImportedKeyMaterial', { KeyId: own.KeyId })).rejects.toMatchObject(unsupported)
    const { KeyId } = await external()
    await expect(
      bench.call('GetParametersForImport', {
        KeyId,
        WrappingAlgorithm: 'RSAES_PKCS1_V1_5',
        WrappingKeySpec: 'RSA_2048',
      }),
    ).rejects.toMatchObject(unsupported)
  })
})

test.each([
  [{ ExpirationModel: 'KEY_MATERIAL_EXPIRES' }, /must be set/],
  [{ ExpirationModel: undefined }, /must be set/],
  [{ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: 4e12 }, /must not be set/],
  [{ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: 1 }, /in the future/],
  [{ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: 4e12 }, /365 days/],
] as const)('an end of %j is refused', async (more, message) => {
  const { KeyId } = await external()
  await expect(importMaterial(bench, KeyId, MATERIAL, more)).rejects.toThrow(
    expect.objectContaining({ code: 'ValidationException', message: expect.stringMatching(message) }),
  )
})
