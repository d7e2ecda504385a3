import { checkAliasName } from '#services/kms/aliases/alias-name.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { ownKey } from '#services/kms/own-key.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A name for a key of the same account and region. */
export const createAlias =
  (parts: KmsParts): KmsHandler<'CreateAlias'> =>
  async (input, ctx) => {
    checkAliasName(input.AliasName)
    const key = await ownKey(parts.targets, input, input.TargetKeyId, ctx, 'CreateAlias')
    requireAlive(key)
    await parts.aliases.create(ctx, input.AliasName, key.keyId, ctx.now)
    return {}
  }
