import { answeredKey, checkPairSpec, newDataKeyPair } from '#services/kms/data-key.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun, refuseRecipient } from '#services/kms/dry-run.ts'
import { requireSymmetric } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A pair of keys to use outside KMS; the private key in plain and encrypted. */
export const generateDataKeyPair =
  ({ targets, vault }: KmsParts): KmsHandler<'GenerateDataKeyPair'> =>
  async (input, ctx) => {
    refuseRecipient(input)
    const { KeyPairSpec: spec, EncryptionContext: context = {} } = input
    checkPairSpec(spec)
    const { key } = await targets.of(input, input.KeyId, ctx, 'GenerateDataKeyPair')
    requireSymmetric(key, 'GenerateDataKeyPair')
    endDryRun(input)
    const { privateKey, publicKey, ciphertext } = await newDataKeyPair(vault, key, spec, context)
    return {
      PrivateKeyCiphertextBlob: ciphertext,
      PrivateKeyPlaintext: privateKey,
      PublicKey: publicKey,
      KeyPairSpec: spec,
      ...answeredKey(key),
    }
  }
