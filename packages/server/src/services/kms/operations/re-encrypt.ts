import { checkSealing, decryptWith, encryptWith } from '#services/kms/crypto/ciphertexts.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import { sourceBlob, sourceKey } from '#services/kms/source-key.ts'
import type { KmsHandler, KmsInput } from '#services/kms/types.ts'

/** From one key, or encryption context, to another; the plaintext never leaves KMS. */
export const reEncrypt =
  ({ targets, vault }: KmsParts): KmsHandler<'ReEncrypt'> =>
  async (input, ctx) => {
    const { CiphertextBlob: bytes, SourceKeyId: keyId } = input
    const from = sourceSealing(input)
    const to = destinationSealing(input)
    const source = await sourceKey(targets, input, { ciphertext: bytes, keyId, operation: 'ReEncrypt' }, ctx)
    const { key: destination } = await targets.of(input, input.DestinationKeyId, ctx, 'ReEncrypt')
    for (const [key, sealing] of [
      [source.key, from],
      [destination, to],
    ] as const) {
      requireUsable(key, 'ENCRYPT_DECRYPT', 'ReEncrypt')
      checkSealing(key, sealing)
    }
    if (input.DryRun === true && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true) endDryRun(input)
    if (bytes === undefined) throw kmsErrors.missing('ciphertextBlob')
    const blob = sourceBlob(source, bytes)
    const { plaintext, materialId } = await decryptWith(vault, source.key, { bytes, blob }, from)
    try {
      endDryRun(input)
      return {
        CiphertextBlob: await encryptWith(vault, destination, plaintext, to),
        SourceKeyId: source.key.arn,
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: from.algorithm,
        DestinationEncryptionAlgorithm: to.algorithm,
        ...(blob === undefined ? {} : { SourceKeyMaterialId: materialId }),
        ...(destination.spec === 'SYMMETRIC_DEFAULT'
          ? { DestinationKeyMaterialId: currentOf(destination)?.materialId }
          : {}),
      }
    } finally {
      plaintext.fill(0)
    }
  }

const sourceSealing = (input: KmsInput<'ReEncrypt'>) => ({
  algorithm: input.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
  context: input.SourceEncryptionContext ?? {},
})
const destinationSealing = (input: KmsInput<'ReEncrypt'>) => ({
  algorithm: input.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
  context: input.DestinationEncryptionContext ?? {},
})
