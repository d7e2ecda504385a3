import { checkSealing, decryptWith } from '#services/kms/crypto/ciphertexts.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun, refuseRecipient } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import { sourceBlob, sourceKey } from '#services/kms/source-key.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Opens what a key encrypted, whichever of its materials that was with. */
export const decrypt =
  ({ targets, vault }: KmsParts): KmsHandler<'Decrypt'> =>
  async (input, ctx) => {
    refuseRecipient(input)
    const { EncryptionAlgorithm: algorithm = 'SYMMETRIC_DEFAULT', EncryptionContext: context = {} } = input
    const { CiphertextBlob: bytes, KeyId: keyId } = input
    const target = await sourceKey(targets, input, { ciphertext: bytes, keyId, operation: 'Decrypt' }, ctx)
    const { key } = target
    requireUsable(key, 'ENCRYPT_DECRYPT', 'Decrypt')
    checkSealing(key, { algorithm, context })
    if (input.DryRun === true && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true) endDryRun(input)
    if (bytes === undefined) throw kmsErrors.missing('ciphertextBlob')
    const blob = sourceBlob(target, bytes)
    const { plaintext, materialId } = await decryptWith(vault, key, { bytes, blob }, { algorithm, context })
    if (input.DryRun === true) plaintext.fill(0)
    endDryRun(input)
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      EncryptionAlgorithm: algorithm,
      ...(blob === undefined ? {} : { KeyMaterialId: materialId }),
    }
  }
