import { type Blob, readBlob } from '#services/kms/crypto/blob.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Target, Targets } from '#services/kms/targets.ts'
import type { Caller } from '#services/kms/types.ts'

/** A ciphertext, and what its sender says of its key. */
export interface Source {
  readonly ciphertext: Uint8Array | undefined
  readonly keyId: string | undefined
  readonly operation: 'Decrypt' | 'ReEncrypt'
}

/** The key of a ciphertext: the one that is named, or, for a symmetric key, the one inside. It is never made: it would open nothing. */
export async function sourceKey(
  targets: Targets,
  input: object,
  { ciphertext, keyId, operation }: Source,
  caller: Caller,
): Promise<Target> {
  if (keyId !== undefined) return targets.meant(input, keyId, caller, operation)
  if (ciphertext === undefined) throw kmsErrors.missing('ciphertextBlob')
  return targets.ofBlob(input, ciphertext, caller)
}

/**
 * What the ciphertext says of itself; `undefined` for RSA, whose ciphertexts say nothing.
 * @throws AwsError InvalidCiphertextException, IncorrectKeyException
 */
export function sourceBlob({ key }: Target, ciphertext: Uint8Array): Blob | undefined {
  if (key.spec !== 'SYMMETRIC_DEFAULT') return undefined
  const blob = readBlob(ciphertext)
  if (blob === undefined) throw kmsErrors.invalidCiphertext()
  if (blob.keyId !== key.keyId || blob.account !== key.place.account) throw kmsErrors.incorrectKey()
  return blob
}
