import { createPrivateKey, createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const EncryptionContext = { 'aws:cloudtrail:arn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t' }
const open = async (CiphertextBlob: Uint8Array | undefined) =>
  Buffer.from((await bench.call('Decrypt', { CiphertextBlob, EncryptionContext })).Plaintext ?? [])

test.each([
  [{ KeySpec: 'AES_128' }, 16],
  [{ KeySpec: 'AES_256' }, 32],
  [{ NumberOfBytes: 1 }, 1],
  [{ NumberOfBytes: 1_024 }, 1_024],
] as const)('a data key of %j has %d bytes, and opens again', async (size, bytes) => {
  const { KeyId, Arn, CurrentKeyMaterialId } = await bench.key()
  const both = await bench.call('GenerateDataKey', { KeyId, EncryptionContext, ...size })
  expect(both).toMatchObject({ KeyId: Arn, KeyMaterialId: CurrentKeyMaterialId })
  expect(both.Plaintext).toHaveLength(bytes)
  expect(await open(both.CiphertextBlob)).toEqual(Buffer.from(both.Plaintext ?? []))
  const sealed = await bench.call('GenerateDataKeyWithoutPlaintext', { KeyId, EncryptionContext, ...size })
  expect(Object.keys(sealed).toSorted()).toEqual(['CiphertextBlob', 'KeyId', 'KeyMaterialId'])
  const plain = await open(sealed.CiphertextBlob)
  expect(plain).toHaveLength(bytes)
  if (bytes > 8) expect(plain.every((byte) => byte === 0)).toBe(false)
})

test.each([{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }] as const)('a data key of %j is refused', async (size) => {
  const { KeyId } = await bench.key()
  await expect(bench.call('GenerateDataKey', { KeyId, ...size })).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'Please specify either number of bytes or key spec.',
  })
})

describe('a pair of data keys', () => {
  test.each([
    ['RSA_2048', 'rsa'],
    ['ECC_NIST_P256', 'ec'],
    ['ECC_SECG_P256K1', 'ec'],
  ] as const)('of %s belongs together', async (KeyPairSpec, type) => {
    const { KeyId, Arn } = await bench.key()
    const pair = await bench.call('GenerateDataKeyPair', { KeyId, KeyPairSpec, EncryptionContext })
    expect(pair).toMatchObject({ KeyId: Arn, KeyPairSpec })
    const sealed = await open(pair.PrivateKeyCiphertextBlob)
    expect(sealed).toEqual(Buffer.from(pair.PrivateKeyPlaintext ?? []))
    const privateKey = createPrivateKey({ key: sealed, format: 'der', type: 'pkcs8' })
    expect(privateKey.asymmetricKeyType).toBe(type)
    expect(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })).toEqual(
      Buffer.from(pair.PublicKey ?? []),
    )
    const later = await bench.call('GenerateDataKeyPairWithoutPlaintext', { KeyId, KeyPairSpec, EncryptionContext })
    expect(later).not.toHaveProperty('PrivateKeyPlaintext')
    const opened = createPrivateKey({ key: await open(later.PrivateKeyCiphertextBlob), format: 'der', type: 'pkcs8' })
    expect(createPublicKey(opened).export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(later.PublicKey ?? []))
  })

  test('of a spec that is not built is refused', async () => {
    const { KeyId } = await bench.key()
    await expect(bench.call('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'SM2' })).rejects.toMatchObject({
      status: 501,
    })
  })
})

test('only symmetric keys make data keys', async () => {
  const { KeyId } = await bench.key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  await expect(bench.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).rejects.toMatchObject({
    code: 'InvalidKeyUsageException',
  })
})

test('answers for Nitro enclaves are not built', async () => {
  const { KeyId } = await bench.key()
  const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: Buffer.of(1) } as const
  await expect(bench.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256', Recipient })).rejects.toMatchObject({
    code: 'NotImplemented',
    status: 501,
  })
})

test.each(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const)('%s takes dry runs', async (operation) => {
  const { KeyId } = await bench.key()
  await expect(bench.call(operation, { KeyId, KeySpec: 'AES_256', DryRun: true })).rejects.toMatchObject({
    code: 'DryRunOperationException',
  })
})

describe('ReEncrypt', () => {
  test('moves a ciphertext to another key and another encryption context', async () => {
    const [from, to] = [await bench.key(), await bench.key()]
    const Plaintext = Buffer.from('moved')
    const { CiphertextBlob } = await bench.call('Encrypt', { KeyId: from.KeyId, Plaintext, EncryptionContext })
    const moved = await bench.call('ReEncrypt', {
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: to.KeyId,
      DestinationEncryptionContext: { b: 'c' },
    })
    expect(moved).toMatchObject({
      SourceKeyId: from.Arn,
      KeyId: to.Arn,
      SourceKeyMaterialId: from.CurrentKeyMaterialId,
      DestinationKeyMaterialId: to.CurrentKeyMaterialId,
    })
    const opened = await bench.call('Decrypt', {
      CiphertextBlob: moved.CiphertextBlob,
      EncryptionContext: { b: 'c' },
      KeyId: to.KeyId,
    })
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext)
  })

  test('needs the source’s encryption context, and both keys enabled', async () => {
    const [from, to] = [await bench.key(), await bench.key()]
    const { CiphertextBlob } = await bench.call('Encrypt', {
      KeyId: from.KeyId,
      Plaintext: Buffer.from('x'),
      EncryptionContext,
    })
    const input = { CiphertextBlob, DestinationKeyId: to.KeyId }
    await expect(bench.call('ReEncrypt', input)).rejects.toMatchObject({ code: 'InvalidCiphertextException' })
    const right = { ...input, SourceEncryptionContext: EncryptionContext }
    await expect(bench.call('ReEncrypt', { ...right, DryRun: true })).rejects.toMatchObject({
      code: 'DryRunOperationException',
    })
    await expect(bench.call('ReEncrypt', { ...right, SourceKeyId: to.KeyId })).rejects.toMatchObject({
      code: 'IncorrectKeyException',
    })
    await bench.call('DisableKey', { KeyId: to.KeyId })
    await expect(bench.call('ReEncrypt', right)).rejects.toMatchObject({ code: 'DisabledException' })
    await bench.call('EnableKey', { KeyId: to.KeyId })
    await bench.call('DisableKey', { KeyId: from.KeyId })
    await expect(bench.call('ReEncrypt', right)).rejects.toMatchObject({ code: 'DisabledException' })
  })
})

test('GenerateRandom gives as many bytes as asked for', async () => {
  const { Plaintext } = await bench.call('GenerateRandom', { NumberOfBytes: 1_024 })
  expect(Plaintext).toHaveLength(1_024)
  expect((await bench.call('GenerateRandom', { NumberOfBytes: 1_024 })).Plaintext).not.toEqual(Plaintext)
  await expect(bench.call('GenerateRandom', {})).rejects.toMatchObject({ code: 'ValidationException' })
  await expect(bench.call('GenerateRandom', { NumberOfBytes: 1, CustomKeyStoreId: 'cks' })).rejects.toMatchObject({
    status: 501,
  })
})
