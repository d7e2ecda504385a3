import { timingSafeEqual } from 'node:crypto'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { macHash, macOf } from '#services/kms/mac.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A MAC that is not right is an error, never an answer. */
export const verifyMac =
  ({ targets, vault }: KmsParts): KmsHandler<'VerifyMac'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'VerifyMac')
    const hash = macHash(key, input.MacAlgorithm, 'VerifyMac')
    const mac = await macOf(vault, key, hash, input.Message)
    if (input.Mac.length !== mac.length || !timingSafeEqual(mac, input.Mac)) throw kmsErrors.invalidMac()
    endDryRun(input)
    return { KeyId: key.arn, MacValid: true, MacAlgorithm: input.MacAlgorithm }
  }
