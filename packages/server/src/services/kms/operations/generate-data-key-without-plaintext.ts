import { answeredKey, dataKeyBytes, newDataKey } from '#services/kms/data-key.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { requireSymmetric } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A data key for later: whoever needs it has it decrypted then. */
export const generateDataKeyWithoutPlaintext =
  ({ targets, vault }: KmsParts): KmsHandler<'GenerateDataKeyWithoutPlaintext'> =>
  async (input, ctx) => {
    const bytes = dataKeyBytes(input)
    const { key } = await targets.of(input, input.KeyId, ctx, 'GenerateDataKeyWithoutPlaintext')
    requireSymmetric(key, 'GenerateDataKeyWithoutPlaintext')
    endDryRun(input)
    const { plaintext, ciphertext } = await newDataKey(vault, key, bytes, input.EncryptionContext ?? {})
    plaintext.fill(0)
    return { CiphertextBlob: ciphertext, ...answeredKey(key) }
  }
