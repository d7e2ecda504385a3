import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { rotated } from '#services/kms/keys/settle.ts'
import { requireEnabled } from '#services/kms/keys/state.ts'
import { MAX_ON_DEMAND_ROTATIONS } from '#services/kms/limits.ts'
import { isRotatable } from '#services/kms/rotatable.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** New material now; the automatic rotations come when they would have come. */
export const rotateKeyOnDemand =
  ({ keys, targets, vault }: KmsParts): KmsHandler<'RotateKeyOnDemand'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'RotateKeyOnDemand')
    await keys.change(key, ctx.now, async (now) => {
      requireEnabled(now)
      if (now.spec === 'SYMMETRIC_DEFAULT' && now.origin === 'EXTERNAL') throw kmsErrors.rotationPending(now.arn)
      if (!isRotatable(now))
        throw kmsErrors.unsupported(`${now.arn} is no symmetric encryption key, so it cannot rotate.`)
      if (now.onDemandRotations >= MAX_ON_DEMAND_ROTATIONS)
        throw kmsErrors.limit(
          `The key was rotated on demand ${String(MAX_ON_DEMAND_ROTATIONS)} times, which is the limit.`,
        )
      return rotated({ vault }, now, ctx.now, 'ON_DEMAND')
    })
    await keys.tellOwnEvents()
    return { KeyId: key.keyId }
  }
