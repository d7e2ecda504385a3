import { createPublicKey } from 'node:crypto'
import type { Blob } from '#services/kms/crypto/blob.ts'
import { oaepRoom, rsaDecrypt, rsaEncrypt } from '#services/kms/crypto/rsa-encryption.ts'
import { decryptBlob, encryptBlob } from '#services/kms/crypto/symmetric.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { type EncryptionAlgorithm, encryptionAlgorithms, specFacts } from '#services/kms/keys/specs.ts'
import { privateKeyOf } from '#services/kms/material/key-objects.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import type { EncryptionContext } from '#services/kms/types.ts'

/** How a plaintext is or was encrypted. */
export interface Sealing {
  readonly algorithm: EncryptionAlgorithm
  readonly context: EncryptionContext
}

/** @throws AwsError InvalidKeyUsageException; ValidationException for an encryption context that nothing could bind */
export function checkSealing({ spec }: Pick<Key, 'spec'>, { algorithm, context }: Sealing): void {
  if (!encryptionAlgorithms(spec).includes(algorithm)) throw kmsErrors.wrongAlgorithm(algorithm, spec)
  if (spec !== 'SYMMETRIC_DEFAULT' && Object.keys(context).length > 0) throw kmsErrors.contextNotTaken(spec)
}

/** Encrypts with the current material. @throws AwsError ValidationException for a plaintext that RSA has no room for */
export function encryptWith(
  vault: Vault,
  key: Key,
  plaintext: Uint8Array,
  { algorithm, context }: Sealing,
): Promise<Buffer> {
  const version = currentOf(key)?.version ?? 0
  const facts = specFacts(key.spec)
  if (facts.kind === 'rsa') {
    const room = oaepRoom(facts.bits, algorithm)
    if (plaintext.length > room) throw kmsErrors.plaintextTooLong(algorithm, key.spec, room)
    return vault.withMaterial({ ...key, version }, (material) =>
      rsaEncrypt(createPublicKey(privateKeyOf(material)), algorithm, plaintext),
    )
  }
  const { keyId, place } = key
  return vault.withMaterial({ ...key, version }, (material) =>
    encryptBlob(material, { account: place.account, keyId, version }, plaintext, context),
  )
}

/** @throws AwsError InvalidCiphertextException */
export async function decryptWith(
  vault: Vault,
  key: Key,
  ciphertext: { readonly bytes: Uint8Array; readonly blob: Blob | undefined },
  { algorithm, context }: Sealing,
): Promise<{ readonly plaintext: Buffer; readonly materialId: string }> {
  const { bytes, blob } = ciphertext
  const backing = blob === undefined ? currentOf(key) : key.backing.find(({ version }) => version === blob.version)
  if (backing === undefined) throw kmsErrors.invalidCiphertext()
  const plaintext = await vault.withMaterial({ ...key, version: backing.version }, (material) =>
    blob === undefined ? rsaDecrypt(privateKeyOf(material), algorithm, bytes) : decryptBlob(material, blob, context),
  )
  if (plaintext === undefined) throw kmsErrors.invalidCiphertext()
  return { plaintext, materialId: backing.materialId }
}
