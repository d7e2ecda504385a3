import { constants, createDecipheriv, privateDecrypt } from 'node:crypto'
import { type BuiltSpec, specFacts } from '#services/kms/keys/specs.ts'
import { privateKeyOf } from '#services/kms/material/key-objects.ts'
import type { KmsInput } from '#services/kms/types.ts'

export type WrappingAlgorithm = KmsInput<'GetParametersForImport'>['WrappingAlgorithm']

interface Wrapping {
  readonly hash: string
  /** The material is wrapped by AES with a key of its own, and only that by RSA. */
  readonly twice: boolean
}

const WRAPPINGS: Readonly<Partial<Record<WrappingAlgorithm, Wrapping>>> = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', twice: false },
  RSAES_OAEP_SHA_256: { hash: 'sha256', twice: false },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'sha1', twice: true },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'sha256', twice: true },
}

export const isWrapping = (algorithm: WrappingAlgorithm): boolean => Object.hasOwn(WRAPPINGS, algorithm)

/** RFC 5649. */
const KWP = { cipher: 'id-aes256-wrap-pad', iv: Buffer.from('a65959a6', 'hex') } as const

/** The material inside, which the caller wipes; `undefined` when it was not wrapped for this key and algorithm. */
export function unwrapMaterial(
  wrappingKey: Buffer,
  algorithm: WrappingAlgorithm,
  wrapped: Uint8Array,
): Buffer | undefined {
  const wrapping = WRAPPINGS[algorithm]
  if (wrapping === undefined) return undefined
  const key = privateKeyOf(wrappingKey)
  const modulus = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const rsa = (bytes: Uint8Array): Buffer =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: wrapping.hash }, bytes)
  try {
    if (!wrapping.twice) return rsa(wrapped)
    const decipher = createDecipheriv(KWP.cipher, rsa(wrapped.subarray(0, modulus)), KWP.iv)
    return Buffer.concat([decipher.update(wrapped.subarray(modulus)), decipher.final()])
  } catch {
    return undefined
  }
}

/** Whether bytes can be the material of a spec: their length, or a private key of that kind. */
export function fitsSpec(spec: BuiltSpec, material: Buffer): boolean {
  const facts = specFacts(spec)
  if (facts.kind === 'symmetric' || facts.kind === 'hmac') return material.length === facts.bytes
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = privateKeyOf(material)
    return facts.kind === 'rsa'
      ? type === 'rsa' && details.modulusLength === facts.bits
      : type === 'ec' && details.namedCurve === facts.curve
  } catch {
    return false
  }
}
