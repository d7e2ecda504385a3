import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type Blob, NONCE_BYTES, SALT_BYTES, TAG_BYTES, blobHeader } from '#services/kms/crypto/blob.ts'
import { contextBytes } from '#services/kms/crypto/encryption-context.ts'
import type { EncryptionContext } from '#services/kms/types.ts'

/** Whose ciphertext, and with which of its materials. */
export type BlobKey = Pick<Blob, 'account' | 'keyId' | 'version'>

/**
 * AES-256-GCM under a key of this message alone, derived from the material with a random salt: so one material can
 * encrypt without counting. Header and encryption context are authenticated.
 */
export function encryptBlob(
  material: Uint8Array,
  key: BlobKey,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Buffer {
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const header = blobHeader({ ...key, salt, nonce })
  const messageKey = derive(material, salt)
  const cipher = createCipheriv('aes-256-gcm', messageKey, nonce, { authTagLength: TAG_BYTES })
  messageKey.fill(0)
  cipher.setAAD(additional(header, context))
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** `undefined` when anything was changed: a byte of the blob, the material, or the encryption context. */
export function decryptBlob(material: Uint8Array, blob: Blob, context: EncryptionContext): Buffer | undefined {
  const messageKey = derive(material, blob.salt)
  const cipher = createDecipheriv('aes-256-gcm', messageKey, blob.nonce, { authTagLength: TAG_BYTES })
  messageKey.fill(0)
  cipher.setAAD(additional(blobHeader(blob), context)).setAuthTag(blob.sealed.subarray(-TAG_BYTES))
  const plaintext = cipher.update(blob.sealed.subarray(0, -TAG_BYTES))
  try {
    cipher.final()
  } catch {
    plaintext.fill(0)
    return undefined
  }
  return plaintext
}

const derive = (material: Uint8Array, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', material, salt, 'sluice kms ciphertext', 32))

/** The header's length is fixed by its own bytes, so nothing can move from one part to the other. */
const additional = (header: Buffer, context: EncryptionContext): Buffer =>
  Buffer.concat([header, contextBytes(context)])
