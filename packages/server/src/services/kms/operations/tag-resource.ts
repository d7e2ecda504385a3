import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { checkTags, mergedTags } from '#services/kms/tags.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const tagResource =
  ({ keys, targets }: KmsParts): KmsHandler<'TagResource'> =>
  async (input, ctx) => {
    checkTags(input.Tags)
    const { key } = await targets.of(input, input.KeyId, ctx, 'TagResource')
    await keys.change(key, ctx.now, (now) => {
      requireAlive(now)
      return { record: { ...recordOf(now), tags: mergedTags(now.tags, input.Tags) } }
    })
    return {}
  }
