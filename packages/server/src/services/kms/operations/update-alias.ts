import { checkAliasName } from '#services/kms/aliases/alias-name.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { ownKey } from '#services/kms/own-key.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Points an alias at another key of the same kind and usage. */
export const updateAlias =
  (parts: KmsParts): KmsHandler<'UpdateAlias'> =>
  async (input, ctx) => {
    checkAliasName(input.AliasName)
    const { key: before } = await parts.targets.of(input, input.AliasName, ctx, 'UpdateAlias')
    const key = await ownKey(parts.targets, input, input.TargetKeyId, ctx, 'UpdateAlias')
    requireAlive(key)
    if (kindOf(before.spec) !== kindOf(key.spec) || before.usage !== key.usage)
      throw kmsErrors.validation(
        'The current and the new key of an alias must be of the same type (both symmetric, both asymmetric or both HMAC) and have the same key usage.',
      )
    await parts.aliases.update(ctx, input.AliasName, key.keyId, ctx.now)
    return {}
  }

const kindOf = (spec: string): string =>
  spec === 'SYMMETRIC_DEFAULT' ? 'symmetric' : spec.startsWith('HMAC') ? 'hmac' : 'asymmetric'
