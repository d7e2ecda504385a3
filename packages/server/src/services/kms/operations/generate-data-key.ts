import { answeredKey, dataKeyBytes, newDataKey } from '#services/kms/data-key.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun, refuseRecipient } from '#services/kms/dry-run.ts'
import { requireSymmetric } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A key to encrypt with outside KMS, in plain and encrypted. */
export const generateDataKey =
  ({ targets, vault }: KmsParts): KmsHandler<'GenerateDataKey'> =>
  async (input, ctx) => {
    refuseRecipient(input)
    const bytes = dataKeyBytes(input)
    const { key } = await targets.of(input, input.KeyId, ctx, 'GenerateDataKey')
    requireSymmetric(key, 'GenerateDataKey')
    endDryRun(input)
    const { plaintext, ciphertext } = await newDataKey(vault, key, bytes, input.EncryptionContext ?? {})
    return { CiphertextBlob: ciphertext, Plaintext: plaintext, ...answeredKey(key) }
  }
