import type { KmsParts } from '#services/kms/deps.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOfArray } from '#services/kms/paging.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const listResourceTags =
  ({ targets, tokens }: KmsParts): KmsHandler<'ListResourceTags'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'ListResourceTags')
    const { items, rest } = await pageOfArray(tokens, input, {
      operation: 'ListResourceTags',
      parameters: { key: key.arn },
      standard: PAGE.tags,
      all: key.tags,
    })
    return { Tags: items.map(([, { Key, Value }]) => ({ TagKey: Key, TagValue: Value })), ...rest }
  }
