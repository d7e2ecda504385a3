import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun } from '#services/kms/dry-run.ts'
import { endGrant } from '#services/kms/grants/end-grant.ts'
import { retiredGrant } from '#services/kms/grants/retired.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Whoever used a grant gives it back. */
export const retireGrant =
  (parts: KmsParts): KmsHandler<'RetireGrant'> =>
  async (input, ctx) => {
    const { key, grant } = await retiredGrant(parts, input, ctx)
    requireAlive(key)
    endDryRun(input)
    await endGrant(parts, key, grant.grantId, ctx.now)
    return {}
  }
