import { constants, createHash, createPrivateKey, createPublicKey, privateEncrypt, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { curveNamed, multiplySum } from '#services/kms/crypto/curve.ts'
import { readSignature, writeSignature } from '#services/kms/crypto/ecdsa-der.ts'
import { signDigest, signMessage, signingFacts, verifyDigest, verifyMessage } from '#services/kms/crypto/signature.ts'
import type { SigningAlgorithm } from '#services/kms/keys/specs.ts'
import { ecPair, rsaPair } from '#services/kms/material/generate.ts'

const CURVES: readonly (readonly [string, SigningAlgorithm])[] = [
  ['prime256v1', 'ECDSA_SHA_256'],
  ['secp384r1', 'ECDSA_SHA_384'],
  ['secp521r1', 'ECDSA_SHA_512'],
  ['secp256k1', 'ECDSA_SHA_256'],
]
const RSA: readonly SigningAlgorithm[] = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]
const CASES = [...CURVES, ...RSA.map((algorithm) => ['rsa', algorithm] as const)]

const keys = new Map<string, ReturnType<typeof objects>>()
const objects = ({ privateKey, publicKey }: { readonly privateKey: Buffer; readonly publicKey: Buffer }) => ({
  privateKey: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }),
  publicKey: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
})
const keyOf = (name: string) => {
  const pair = keys.get(name)
  if (pair === undefined) throw new Error(`no key ${name}`)
  return pair
}
const factsOf = (algorithm: SigningAlgorithm) => {
  const facts = signingFacts(algorithm)
  if (facts === undefined) throw new Error(`${algorithm} is not built`)
  return facts
}

beforeAll(async () => {
  for (const [curve] of CURVES) keys.set(curve, objects(await ecPair(curve)))
  keys.set('rsa', objects(await rsaPair(2048)))
})

describe.each(CASES)('%s %s', (name, algorithm) => {
  const facts = factsOf(algorithm)
  const hash = (message: Uint8Array) => createHash(facts.hash).update(message).digest()

  test('a signature of a digest is one of the message, and the other way round', () => {
    const { privateKey, publicKey } = keyOf(name)
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const ofDigest = signDigest(privateKey, facts, hash(message))
        expect(verifyMessage(publicKey, facts, message, ofDigest)).toBe(true)
        const ofMessage = signMessage(privateKey, facts, message)
        expect(verifyDigest(publicKey, facts, hash(message), ofMessage)).toBe(true)
        expect(verifyDigest(publicKey, facts, hash(message), ofDigest)).toBe(true)
      }),
      { numRuns: 10, seed: 5 },
    )
  })

  test('no flipped bit of signature or digest is taken', () => {
    const { privateKey, publicKey } = keyOf(name)
    const digest = hash(Buffer.from('orders'))
    const signature = signDigest(privateKey, facts, digest)
    fc.assert(
      fc.property(fc.nat(signature.length * 8 - 1), (bit) => {
        const changed = Buffer.from(signature)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(verifyDigest(publicKey, facts, digest, changed)).toBe(false)
        expect(verifyMessage(publicKey, facts, Buffer.from('orders'), changed)).toBe(false)
      }),
      { numRuns: 20, seed: 6 },
    )
    expect(verifyDigest(publicKey, facts, hash(Buffer.from('order')), signature)).toBe(false)
    expect(verifyDigest(publicKey, facts, digest, Buffer.from('no signature'))).toBe(false)
  })
})

test('PSS salts are as long as the hash, as those of KMS', () => {
  const { privateKey, publicKey } = keyOf('rsa')
  const facts = factsOf('RSASSA_PSS_SHA_256')
  const signature = signDigest(privateKey, facts, createHash('sha256').update('x').digest())
  const padding = { key: publicKey, padding: 6 }
  expect(verify('sha256', Buffer.from('x'), { ...padding, saltLength: 32 }, signature)).toBe(true)
  expect(verify('sha256', Buffer.from('x'), { ...padding, saltLength: 20 }, signature)).toBe(false)
  const short = sign('sha256', Buffer.from('x'), { key: privateKey, padding: 6, saltLength: 20 })
  expect(verifyDigest(publicKey, facts, createHash('sha256').update('x').digest(), short)).toBe(false)
})

test('a PSS padding that nobody would make is refused, though the hash in it is right', () => {
  const { privateKey, publicKey } = keyOf('rsa')
  const facts = factsOf('RSASSA_PSS_SHA_256')
  const sha = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const digest = sha(Buffer.from('x'))
  const salt = Buffer.alloc(32, 3)
  const sealed = sha(Buffer.alloc(8), digest, salt)
  const room = 256 - 32 - 1
  const mask = Buffer.concat(
    Array.from({ length: 7 }, (_, counter) => sha(sealed, Buffer.of(0, 0, 0, counter))),
    room,
  )
  const signed = (change: (block: Buffer) => void) => {
    const block = Buffer.concat([Buffer.alloc(room - 33), Buffer.of(1), salt])
    change(block)
    const masked = Buffer.from(block.map((byte, at) => byte ^ (mask[at] ?? 0)))
    masked[0] = (masked[0] ?? 0) & 0x7f
    const padded = Buffer.concat([masked, sealed, Buffer.of(0xbc)])
    return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, padded)
  }
  expect(
    verifyDigest(
      publicKey,
      facts,
      digest,
      signed(() => {}),
    ),
  ).toBe(true)
  for (const [at, value] of [
    [room - 33, 2],
    [room - 34, 1],
    [5, 9],
  ] as const) {
    const signature = signed((block) => {
      block[at] = value
    })
    expect(verifyDigest(publicKey, facts, digest, signature)).toBe(false)
    expect(verifyMessage(publicKey, facts, Buffer.from('x'), signature)).toBe(false)
  }
})

test.each(CURVES)('the base point of %s has the order it says', (name) => {
  const curve = curveNamed(name)
  if (curve === undefined) throw new Error('no curve')
  const times = (factor: bigint) => multiplySum(curve, factor, curve.base, 0n, curve.base)
  expect(times(curve.n)).toBeUndefined()
  expect(times(curve.n + 1n)).toEqual(curve.base)
  expect(multiplySum(curve, curve.n - 1n, curve.base, 1n, curve.base)).toBeUndefined()
  expect(multiplySum(curve, 5n, curve.base, 7n, curve.base)).toEqual(times(12n))
})

test('signatures are strict DER, read as they were written', () => {
  const number = fc.bigInt({ min: 1n, max: 2n ** 521n - 1n })
  fc.assert(
    fc.property(number, number, (r, s) => {
      expect(readSignature(writeSignature(r, s), 66)).toEqual({ r, s })
    }),
    { seed: 7 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), (bytes) => {
      const read = readSignature(bytes, 66)
      if (read !== undefined) expect(writeSignature(read.r, read.s)).toEqual(Buffer.from(bytes))
    }),
    { seed: 8 },
  )
})
