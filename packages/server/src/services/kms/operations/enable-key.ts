import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireMaterial } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** A disabled key can be used again; a rotation that came due meanwhile is made up for. */
export const enableKey =
  ({ keys, targets }: KmsParts): KmsHandler<'EnableKey'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'EnableKey')
    await keys.change(key, ctx.now, (now) => {
      requireMaterial(now)
      return { record: { ...recordOf(now), state: 'Enabled' } }
    })
    return {}
  }
