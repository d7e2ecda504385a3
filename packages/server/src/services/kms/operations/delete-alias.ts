import { checkAliasName } from '#services/kms/aliases/alias-name.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The name goes, the key stays. */
export const deleteAlias =
  ({ aliases }: KmsParts): KmsHandler<'DeleteAlias'> =>
  async (input, ctx) => {
    checkAliasName(input.AliasName)
    await aliases.delete(ctx, input.AliasName)
    return {}
  }
