import { createHmac } from 'node:crypto'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { type MacAlgorithm, specFacts } from '#services/kms/keys/specs.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import type { Vault } from '#services/kms/material/vault.ts'

/** The HMAC of a message under a key. */
export const macOf = (vault: Vault, key: Key, hash: string, message: Uint8Array): Promise<Buffer> =>
  vault.withMaterial({ ...key, version: currentOf(key)?.version ?? 0 }, (material) =>
    createHmac(hash, material).update(message).digest(),
  )

/** The hash of a MAC algorithm that this key has. @throws AwsError InvalidKeyUsageException and those of states */
export function macHash(key: Key, algorithm: MacAlgorithm, operation: string): string {
  requireUsable(key, 'GENERATE_VERIFY_MAC', operation)
  const facts = specFacts(key.spec)
  if (facts.kind !== 'hmac' || facts.mac !== algorithm) throw kmsErrors.wrongAlgorithm(algorithm, key.spec)
  return facts.hash
}
