import { answeredKey, checkPairSpec, newDataKeyPair } from '#services/kms/data-key.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { requireSymmetric } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A pair of keys for later: the public key in plain, the private key encrypted. */
export const generateDataKeyPairWithoutPlaintext =
  ({ targets, vault }: KmsParts): KmsHandler<'GenerateDataKeyPairWithoutPlaintext'> =>
  async (input, ctx) => {
    const { KeyPairSpec: spec, EncryptionContext: context = {} } = input
    checkPairSpec(spec)
    const { key } = await targets.of(input, input.KeyId, ctx, 'GenerateDataKeyPairWithoutPlaintext')
    requireSymmetric(key, 'GenerateDataKeyPairWithoutPlaintext')
    endDryRun(input)
    const { privateKey, publicKey, ciphertext } = await newDataKeyPair(vault, key, spec, context)
    privateKey.fill(0)
    return { PrivateKeyCiphertextBlob: ciphertext, PublicKey: publicKey, KeyPairSpec: spec, ...answeredKey(key) }
  }
