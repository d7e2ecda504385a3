import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { checkGrantId, endGrant } from '#services/kms/grants/end-grant.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Whoever manages the key takes a grant back. */
export const revokeGrant =
  (parts: KmsParts): KmsHandler<'RevokeGrant'> =>
  async (input, ctx) => {
    checkGrantId(input.GrantId)
    const { key } = await parts.targets.of(input, input.KeyId, ctx, 'RevokeGrant')
    requireAlive(key)
    if ((await parts.grants.find(key.place, key.keyId, input.GrantId)) === undefined)
      throw kmsErrors.grantNotFound(input.GrantId)
    endDryRun(input)
    await endGrant(parts, key, input.GrantId, ctx.now)
    return {}
  }
