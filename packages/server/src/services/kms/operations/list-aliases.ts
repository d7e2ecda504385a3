import type { CallContext } from '#kernel/call.ts'
import { principalName } from '#kernel/principal.ts'
import type { Alias } from '#services/kms/aliases/aliases.ts'
import { aliasArn } from '#services/kms/arns.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOf } from '#services/kms/paging.ts'
import type { Targets } from '#services/kms/targets.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The aliases of the account in the region, or of one key, by their names. */
export const listAliases =
  ({ aliases, keys, targets, tokens }: KmsParts): KmsHandler<'ListAliases'> =>
  async (input, ctx) => {
    const keyId = input.KeyId === undefined ? undefined : await ownKeyId(targets, input, input.KeyId, ctx)
    const { items, rest } = await pageOf(tokens, input, {
      operation: 'ListAliases',
      parameters: { account: ctx.account, region: ctx.region, keyId: keyId ?? '' },
      standard: PAGE.aliases,
      list: (after, limit) => aliases.list(ctx, { limit, ...(after === undefined ? {} : { after }) }),
      position: ({ name }) => name,
      ...(keyId === undefined ? {} : { wanted: (alias: Alias) => alias.keyId === keyId }),
    })
    // A key whose end is due takes its aliases with it.
    const there = await Promise.all(items.map((alias) => keys.find(ctx, alias.keyId, ctx.now)))
    return {
      Aliases: items
        .filter((_alias, index) => there[index] !== undefined)
        .map(({ name, keyId: target, createdAt, updatedAt }) => ({
          AliasName: name,
          AliasArn: aliasArn(ctx, name),
          TargetKeyId: target,
          CreationDate: createdAt,
          LastUpdatedDate: updatedAt,
        })),
      ...rest,
    }
  }

/** Nothing is told of keys of other accounts, not even whether they are there. */
async function ownKeyId(targets: Targets, input: object, identifier: string, ctx: CallContext): Promise<string> {
  const { key } = await targets.meant(input, identifier, ctx, 'ListAliases')
  if (key.place.account !== ctx.account)
    throw kmsErrors.hiddenKey(principalName(ctx.principal), 'kms:ListAliases', key.arn)
  return key.keyId
}
