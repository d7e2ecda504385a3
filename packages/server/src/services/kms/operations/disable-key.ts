import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireMaterial } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** No cryptographic operation works with the key from the next request on. */
export const disableKey =
  ({ keys, targets }: KmsParts): KmsHandler<'DisableKey'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'DisableKey')
    await keys.change(key, ctx.now, (now) => {
      requireMaterial(now)
      return { record: { ...recordOf(now), state: 'Disabled' } }
    })
    return {}
  }
