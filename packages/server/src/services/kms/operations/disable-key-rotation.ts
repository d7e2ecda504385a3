import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireEnabled } from '#services/kms/keys/state.ts'
import { requireRotatable } from '#services/kms/rotatable.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The material that there is stays. */
export const disableKeyRotation =
  ({ keys, targets }: KmsParts): KmsHandler<'DisableKeyRotation'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'DisableKeyRotation')
    await keys.change(key, ctx.now, (now) => {
      requireEnabled(now)
      requireRotatable(now)
      const { rotation: _rotation, ...record } = recordOf(now)
      return { record }
    })
    return {}
  }
