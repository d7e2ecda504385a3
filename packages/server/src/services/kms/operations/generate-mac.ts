import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { macHash, macOf } from '#services/kms/mac.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const generateMac =
  ({ targets, vault }: KmsParts): KmsHandler<'GenerateMac'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'GenerateMac')
    const hash = macHash(key, input.MacAlgorithm, 'GenerateMac')
    endDryRun(input)
    return { Mac: await macOf(vault, key, hash, input.Message), MacAlgorithm: input.MacAlgorithm, KeyId: key.arn }
  }
