import {
  type KeyObject,
  createECDH,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  verify,
} from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KmsBench, openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

const SPECS = [
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512'],
  ['RSA_2048', 'RSASSA_PSS_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PSS_SHA_384', 'sha384'],
] as const

const publicKeyOf = async (KeyId: string) => {
  const answer = await bench.call('GetPublicKey', { KeyId })
  return { answer, key: createPublicKey({ key: Buffer.from(answer.PublicKey ?? []), format: 'der', type: 'spki' }) }
}

describe.each(SPECS)('%s with %s', (KeySpec, SigningAlgorithm, hash) => {
  const pss = SigningAlgorithm.includes('PSS')
  const asNode = (key: { readonly key: KeyObject }) =>
    pss ? { ...key, padding: 6, saltLength: createHash(hash).digest().length } : key

  test('others can check its signatures with its public key, and KMS with its own', async () => {
    const { KeyId, Arn } = await bench.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
    const { answer, key } = await publicKeyOf(KeyId)
    expect(answer).toMatchObject({
      KeyId: Arn,
      KeySpec,
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: expect.arrayContaining([SigningAlgorithm]),
    })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4_096 }), async (Message) => {
        const raw = await bench.call('Sign', { KeyId, Message, SigningAlgorithm })
        expect(raw).toMatchObject({ KeyId: Arn, SigningAlgorithm })
        const digest = createHash(hash).update(Message).digest()
        const ofDigest = await bench.call('Sign', { KeyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm })
        for (const Signature of [raw.Signature ?? Buffer.of(), ofDigest.Signature ?? Buffer.of()]) {
          expect(verify(hash, Message, asNode({ key }), Signature)).toBe(true)
          expect(await bench.call('Verify', { KeyId, Message, Signature, SigningAlgorithm })).toEqual({
            KeyId: Arn,
            SignatureValid: true,
            SigningAlgorithm,
          })
          expect(
            await bench.call('Verify', { KeyId, Message: digest, MessageType: 'DIGEST', Signature, SigningAlgorithm }),
          ).toMatchObject({ SignatureValid: true })
        }
      }),
      { seed: 21, numRuns: 4 },
    )
  })

  test('a signature of something else is an error', async () => {
    const { KeyId } = await bench.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
    const Message = Buffer.from('orders')
    const { Signature = Buffer.of() } = await bench.call('Sign', { KeyId, Message, SigningAlgorithm })
    const invalid = { code: 'KMSInvalidSignatureException' }
    await expect(
      bench.call('Verify', { KeyId, Message: Buffer.from('order'), Signature, SigningAlgorithm }),
    ).rejects.toMatchObject(invalid)
    await expect(
      bench.call('Verify', { KeyId, Message, Signature: Signature.slice(1), SigningAlgorithm }),
    ).rejects.toMatchObject(invalid)
    await expect(
      bench.call('Verify', { KeyId, Message, Signature, SigningAlgorithm, DryRun: true }),
    ).rejects.toMatchObject({ code: 'DryRunOperationException' })
  })
})

test('a digest has the length of its hash', async () => {
  const { KeyId } = await bench.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const input = { KeyId, Message: Buffer.alloc(31), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const
  await expect(bench.call('Sign', input)).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'Digest is invalid length for algorithm ECDSA_SHA_256.',
  })
  await expect(bench.call('Sign', { ...input, MessageType: 'EXTERNAL_MU' })).rejects.toMatchObject({
    code: 'ValidationException',
  })
})

test('a key signs with its own algorithms, and only when it is for signing', async () => {
  const { KeyId } = await bench.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const Message = Buffer.from('x')
  for (const SigningAlgorithm of ['ECDSA_SHA_384', 'RSASSA_PSS_SHA_256', 'SM2DSA', 'ED25519_SHA_512'] as const)
    await expect(bench.call('Sign', { KeyId, Message, SigningAlgorithm })).rejects.toMatchObject({
      code: 'InvalidKeyUsageException',
      message: `Algorithm ${SigningAlgorithm} and key spec ECC_NIST_P256 are incompatible.`,
    })
  const agreeing = await bench.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  await expect(
    bench.call('Sign', { KeyId: agreeing.KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' }),
  ).rejects.toMatchObject({ code: 'InvalidKeyUsageException' })
})

test('only asymmetric keys have a public key, and disabled ones keep it to themselves', async () => {
  for (const input of [{}, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }] as const) {
    const { KeyId } = await bench.key(input)
    await expect(bench.call('GetPublicKey', { KeyId })).rejects.toMatchObject({ code: 'UnsupportedOperationException' })
  }
  const { KeyId } = await bench.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  await bench.call('DisableKey', { KeyId })
  await expect(bench.call('GetPublicKey', { KeyId })).rejects.toMatchObject({ code: 'DisabledException' })
})

describe('DeriveSharedSecret', () => {
  const ask = (KeyId: string, PublicKey: Uint8Array) =>
    bench.call('DeriveSharedSecret', { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' })

  test.each([
    ['ECC_NIST_P256', 'prime256v1'],
    ['ECC_NIST_P384', 'secp384r1'],
    ['ECC_NIST_P521', 'secp521r1'],
  ] as const)('%s agrees with whoever has the other half', async (KeySpec, namedCurve) => {
    const { KeyId, Arn } = await bench.key({ KeySpec, KeyUsage: 'KEY_AGREEMENT' })
    const other = generateKeyPairSync('ec', { namedCurve })
    const der = other.publicKey.export({ format: 'der', type: 'spki' })
    const answer = await ask(KeyId, der)
    const { key } = await publicKeyOf(KeyId)
    const expected = diffieHellman({ privateKey: other.privateKey, publicKey: key })
    expect(Buffer.from(answer.SharedSecret ?? [])).toEqual(expected)
    expect(answer).toMatchObject({ KeyId: Arn, KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' })
  })

  test('takes a public key of its own curve only', async () => {
    const { KeyId } = await bench.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const foreign = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey
    const point = createECDH('prime256v1').generateKeys()
    for (const bad of [Buffer.from('no key'), point, foreign.export({ format: 'der', type: 'spki' })])
      await expect(ask(KeyId, bad)).rejects.toMatchObject({ code: 'ValidationException' })
  })
})
