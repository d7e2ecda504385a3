import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const updateKeyDescription =
  ({ keys, targets }: KmsParts): KmsHandler<'UpdateKeyDescription'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'UpdateKeyDescription')
    await keys.change(key, ctx.now, (now) => {
      requireAlive(now)
      return { record: { ...recordOf(now), description: input.Description } }
    })
    return {}
  }
