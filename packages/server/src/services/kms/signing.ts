import { type SigningFacts, signingFacts } from '#services/kms/crypto/signature.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { specFacts } from '#services/kms/keys/specs.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import type { KmsInput } from '#services/kms/types.ts'

/** What is signed or verified, and how. */
export interface Signing {
  readonly facts: SigningFacts
  /** Whether the message is a digest already. */
  readonly digest: boolean
}

/**
 * Reads how a message is signed with this key.
 * @throws AwsError InvalidKeyUsageException and those of states; ValidationException for a digest of another length
 */
export function signingOf(
  key: Key,
  { SigningAlgorithm: algorithm, MessageType: type = 'RAW', Message: message }: KmsInput<'Sign'>,
  operation: 'Sign' | 'Verify',
): Signing {
  requireUsable(key, 'SIGN_VERIFY', operation)
  const facts = specFacts(key.spec).signing.includes(algorithm) ? signingFacts(algorithm) : undefined
  if (facts === undefined) throw kmsErrors.wrongAlgorithm(algorithm, key.spec)
  if (type === 'EXTERNAL_MU') throw kmsErrors.validation('MessageType EXTERNAL_MU is for ML-DSA keys only.')
  const digest = type === 'DIGEST'
  if (digest && message.length !== facts.bytes) throw kmsErrors.digestLength(algorithm)
  return { facts, digest }
}
