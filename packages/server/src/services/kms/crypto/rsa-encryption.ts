import { type KeyObject, constants, privateDecrypt, publicEncrypt } from 'node:crypto'
import type { EncryptionAlgorithm } from '#services/kms/keys/specs.ts'

const HASHES: Readonly<Partial<Record<EncryptionAlgorithm, { readonly name: string; readonly bytes: number }>>> = {
  RSAES_OAEP_SHA_1: { name: 'sha1', bytes: 20 },
  RSAES_OAEP_SHA_256: { name: 'sha256', bytes: 32 },
}

/** Longest plaintext, in bytes. @source RFC 8017, section 7.1.1 */
export const oaepRoom = (bits: number, algorithm: EncryptionAlgorithm): number =>
  bits / 8 - 2 * (HASHES[algorithm]?.bytes ?? 0) - 2

export const rsaEncrypt = (key: KeyObject, algorithm: EncryptionAlgorithm, plaintext: Uint8Array): Buffer =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hashOf(algorithm) }, plaintext)

/** `undefined` when the ciphertext is not of this key and algorithm. */
export function rsaDecrypt(key: KeyObject, algorithm: EncryptionAlgorithm, ciphertext: Uint8Array): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hashOf(algorithm) }, ciphertext)
  } catch {
    return undefined
  }
}

const hashOf = (algorithm: EncryptionAlgorithm): string => HASHES[algorithm]?.name ?? 'sha256'
