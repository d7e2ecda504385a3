import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { KeyUsage } from '#services/kms/keys/specs.ts'

/** For what cannot be done while a key waits for its end. @throws AwsError KMSInvalidStateException */
export function requireAlive({ state, arn }: Pick<Key, 'state' | 'arn'>): void {
  if (state === 'PendingDeletion') throw kmsErrors.pendingDeletion(arn)
}

/** For what needs material as well. @throws AwsError KMSInvalidStateException */
export function requireMaterial(key: Pick<Key, 'state' | 'arn'>): void {
  requireAlive(key)
  if (key.state === 'PendingImport') throw kmsErrors.pendingImport(key.arn)
}

/** For cryptographic operations and grants. @throws AwsError DisabledException, KMSInvalidStateException */
export function requireEnabled(key: Pick<Key, 'state' | 'arn'>): void {
  requireMaterial(key)
  if (key.state === 'Disabled') throw kmsErrors.disabled(key.arn)
}

/** @throws AwsError as {@link requireEnabled}, and InvalidKeyUsageException */
export function requireUsable(key: Pick<Key, 'state' | 'arn' | 'usage'>, usage: KeyUsage, operation: string): void {
  requireEnabled(key)
  if (key.usage !== usage) throw kmsErrors.wrongUsage(key.arn, key.usage, operation)
}

/**
 * For data keys and whatever else hangs on a symmetric key.
 * @throws AwsError as {@link requireUsable}
 */
export function requireSymmetric(key: Pick<Key, 'state' | 'arn' | 'usage' | 'spec'>, operation: string): void {
  requireUsable(key, 'ENCRYPT_DECRYPT', operation)
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw kmsErrors.wrongUsage(key.arn, `${key.usage} of ${key.spec}`, operation)
}
