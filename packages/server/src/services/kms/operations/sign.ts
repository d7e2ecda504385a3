import { signDigest, signMessage } from '#services/kms/crypto/signature.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { privateKeyOf } from '#services/kms/material/key-objects.ts'
import { signingOf } from '#services/kms/signing.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Signs a message of up to 4,096 bytes, or the digest of a longer one. */
export const sign =
  ({ targets, vault }: KmsParts): KmsHandler<'Sign'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'Sign')
    const { facts, digest } = signingOf(key, input, 'Sign')
    endDryRun(input)
    const Signature = await vault.withMaterial({ ...key, version: currentOf(key)?.version ?? 0 }, (material) =>
      (digest ? signDigest : signMessage)(privateKeyOf(material), facts, input.Message),
    )
    return { KeyId: key.arn, Signature, SigningAlgorithm: input.SigningAlgorithm }
  }
