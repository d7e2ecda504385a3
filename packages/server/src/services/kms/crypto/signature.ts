import { type KeyObject, constants, sign, verify } from 'node:crypto'
import { ecdsaSignDigest, ecdsaVerifyDigest } from '#services/kms/crypto/ecdsa.ts'
import { pkcs1SignDigest, pkcs1VerifyDigest, pssSignDigest, pssVerifyDigest } from '#services/kms/crypto/rsa-digest.ts'
import type { SigningAlgorithm } from '#services/kms/keys/specs.ts'

type Scheme = 'pkcs1' | 'pss' | 'ecdsa'

/** How a signing algorithm works: the scheme, and the hash by its name and its length in bytes. */
export interface SigningFacts {
  readonly scheme: Scheme
  readonly hash: string
  readonly bytes: number
}

const SHA_256 = { hash: 'sha256', bytes: 32 } as const
const SHA_384 = { hash: 'sha384', bytes: 48 } as const
const SHA_512 = { hash: 'sha512', bytes: 64 } as const

const ALGORITHMS: Readonly<Partial<Record<SigningAlgorithm, SigningFacts>>> = {
  RSASSA_PKCS1_V1_5_SHA_256: { scheme: 'pkcs1', ...SHA_256 },
  RSASSA_PKCS1_V1_5_SHA_384: { scheme: 'pkcs1', ...SHA_384 },
  RSASSA_PKCS1_V1_5_SHA_512: { scheme: 'pkcs1', ...SHA_512 },
  RSASSA_PSS_SHA_256: { scheme: 'pss', ...SHA_256 },
  RSASSA_PSS_SHA_384: { scheme: 'pss', ...SHA_384 },
  RSASSA_PSS_SHA_512: { scheme: 'pss', ...SHA_512 },
  ECDSA_SHA_256: { scheme: 'ecdsa', ...SHA_256 },
  ECDSA_SHA_384: { scheme: 'ecdsa', ...SHA_384 },
  ECDSA_SHA_512: { scheme: 'ecdsa', ...SHA_512 },
}

/** `undefined` for algorithms that are not built. */
export const signingFacts = (algorithm: SigningAlgorithm): SigningFacts | undefined => ALGORITHMS[algorithm]

/** The signature of a message: DER for ECDSA, the modulus's length for RSA. PSS salts are as long as the hash. */
export const signMessage = (key: KeyObject, facts: SigningFacts, message: Uint8Array): Buffer =>
  sign(facts.hash, message, { key, ...paddingOf(facts) })

export const verifyMessage = (
  key: KeyObject,
  facts: SigningFacts,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => verify(facts.hash, message, { key, ...paddingOf(facts) }, signature)

/** The same signature, from the digest of the message. */
export function signDigest(key: KeyObject, facts: SigningFacts, digest: Uint8Array): Buffer {
  if (facts.scheme === 'ecdsa') return ecdsaSignDigest(key, digest)
  return facts.scheme === 'pss' ? pssSignDigest(key, facts, digest) : pkcs1SignDigest(key, facts, digest)
}

export function verifyDigest(key: KeyObject, facts: SigningFacts, digest: Uint8Array, signature: Uint8Array): boolean {
  if (facts.scheme === 'ecdsa') return ecdsaVerifyDigest(key, digest, signature)
  return facts.scheme === 'pss'
    ? pssVerifyDigest(key, facts, digest, signature)
    : pkcs1VerifyDigest(key, facts, digest, signature)
}

const paddingOf = ({ scheme, bytes }: SigningFacts): object => {
  if (scheme === 'ecdsa') return { dsaEncoding: 'der' }
  return scheme === 'pss'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bytes }
    : { padding: constants.RSA_PKCS1_PADDING }
}
