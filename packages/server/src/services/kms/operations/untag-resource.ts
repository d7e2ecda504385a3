import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Keys that are not there do not matter. */
export const untagResource =
  ({ keys, targets }: KmsParts): KmsHandler<'UntagResource'> =>
  async (input, ctx) => {
    const gone = new Set(input.TagKeys)
    const { key } = await targets.of(input, input.KeyId, ctx, 'UntagResource')
    await keys.change(key, ctx.now, (now) => {
      requireAlive(now)
      return { record: { ...recordOf(now), tags: now.tags.filter(({ Key }) => !gone.has(Key)) } }
    })
    return {}
  }
