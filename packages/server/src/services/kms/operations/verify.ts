import { createPublicKey } from 'node:crypto'
import { verifyDigest, verifyMessage } from '#services/kms/crypto/signature.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { privateKeyOf } from '#services/kms/material/key-objects.ts'
import { signingOf } from '#services/kms/signing.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A signature that is not right is an error, never an answer. */
export const verify =
  ({ targets, vault }: KmsParts): KmsHandler<'Verify'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'Verify')
    const { facts, digest } = signingOf(key, input, 'Verify')
    const valid = await vault.withMaterial({ ...key, version: currentOf(key)?.version ?? 0 }, (material) => {
      const publicKey = createPublicKey(privateKeyOf(material))
      return (digest ? verifyDigest : verifyMessage)(publicKey, facts, input.Message, input.Signature)
    })
    if (!valid) throw kmsErrors.invalidSignature()
    endDryRun(input)
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm }
  }
