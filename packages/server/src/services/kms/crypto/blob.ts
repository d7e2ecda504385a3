import { type AccountId, isAccountId } from '#kernel/ids.ts'
import { isKeyId } from '#services/kms/arns.ts'

/**
 * What KMS hands out as CiphertextBlob of a symmetric key:
 * version (1) · account (6, big-endian) · length of the key id (1) · key id · material version (4) · salt (16) · nonce (12) · ciphertext · tag (16).
 * All before the ciphertext is authenticated, so that no byte can be changed.
 */
export interface Blob {
  readonly account: AccountId
  readonly keyId: string
  /** Which of the key's materials. */
  readonly version: number
  readonly salt: Buffer
  readonly nonce: Buffer
  /** The ciphertext, the tag behind it. */
  readonly sealed: Buffer
}

const FORMAT = 1
const ACCOUNT_BYTES = 6
const FIXED_BYTES = 1 + ACCOUNT_BYTES + 1
export const SALT_BYTES = 16
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** Everything that stands before the ciphertext. */
export function blobHeader({ account, keyId, version, salt, nonce }: Omit<Blob, 'sealed'>): Buffer {
  const id = Buffer.from(keyId, 'latin1')
  const fixed = Buffer.alloc(FIXED_BYTES)
  fixed.writeUInt8(FORMAT, 0)
  fixed.writeUIntBE(Number(account), 1, ACCOUNT_BYTES)
  fixed.writeUInt8(id.length, 1 + ACCOUNT_BYTES)
  const material = Buffer.alloc(4)
  material.writeUInt32BE(version)
  return Buffer.concat([fixed, id, material, salt, nonce])
}

/** `undefined` when these bytes can be no blob. */
export function readBlob(bytes: Uint8Array): Blob | undefined {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (blob.length < FIXED_BYTES || blob.readUInt8(0) !== FORMAT) return undefined
  const account = String(blob.readUIntBE(1, ACCOUNT_BYTES)).padStart(12, '0')
  const idEnd = FIXED_BYTES + blob.readUInt8(1 + ACCOUNT_BYTES)
  const saltAt = idEnd + 4
  const nonceAt = saltAt + SALT_BYTES
  const sealedAt = nonceAt + NONCE_BYTES
  const keyId = blob.toString('latin1', FIXED_BYTES, idEnd)
  if (!isAccountId(account) || !isKeyId(keyId) || blob.length < sealedAt + TAG_BYTES) return undefined
  return {
    account,
    keyId,
    version: blob.readUInt32BE(idEnd),
    salt: blob.subarray(saltAt, nonceAt),
    nonce: blob.subarray(nonceAt, sealedAt),
    sealed: blob.subarray(sealedAt),
  }
}
