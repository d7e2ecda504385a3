import type { KmsParts } from '#services/kms/deps.ts'
import { nextRotation } from '#services/kms/keys/due.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireEnabled } from '#services/kms/keys/state.ts'
import { ROTATION_DAYS } from '#services/kms/limits.ts'
import { requireRotatable } from '#services/kms/rotatable.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** New material every so many days, counted from now; without a number the period stays as it was. */
export const enableKeyRotation =
  ({ keys, targets }: KmsParts): KmsHandler<'EnableKeyRotation'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'EnableKeyRotation')
    await keys.change(key, ctx.now, (now) => {
      requireEnabled(now)
      requireRotatable(now)
      const days = input.RotationPeriodInDays ?? now.rotation?.days ?? ROTATION_DAYS
      if (now.rotation?.days === days) return undefined
      return { record: { ...recordOf(now), rotation: { days, next: nextRotation(ctx.now, days) } } }
    })
    return {}
  }
