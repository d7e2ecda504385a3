import type { KmsParts } from '#services/kms/deps.ts'
import { dueOf } from '#services/kms/keys/due.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOf } from '#services/kms/paging.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The keys of the account in the region, by their ids. */
export const listKeys =
  ({ keys, tokens }: KmsParts): KmsHandler<'ListKeys'> =>
  async (input, ctx) => {
    const { items, rest } = await pageOf(tokens, input, {
      operation: 'ListKeys',
      parameters: { account: ctx.account, region: ctx.region },
      standard: PAGE.keys,
      list: (after, limit) => keys.list(ctx, { limit, ...(after === undefined ? {} : { after }) }),
      position: ({ keyId }) => keyId,
      wanted: (key) => dueOf(key, ctx.now) !== 'deletion',
    })
    return { Keys: items.map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn })), ...rest }
  }
