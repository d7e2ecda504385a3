import { checkSealing, encryptWith } from '#services/kms/crypto/ciphertexts.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Encrypts up to 4,096 bytes; what a symmetric key encrypts says itself which key it needs. */
export const encrypt =
  ({ targets, vault }: KmsParts): KmsHandler<'Encrypt'> =>
  async (input, ctx) => {
    const { EncryptionAlgorithm: algorithm = 'SYMMETRIC_DEFAULT', EncryptionContext: context = {} } = input
    const { key } = await targets.of(input, input.KeyId, ctx, 'Encrypt')
    requireUsable(key, 'ENCRYPT_DECRYPT', 'Encrypt')
    checkSealing(key, { algorithm, context })
    endDryRun(input)
    const CiphertextBlob = await encryptWith(vault, key, input.Plaintext, { algorithm, context })
    return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: algorithm }
  }
