import type { Handler } from '#kernel/call.ts'
import type { Tag } from '#kernel/principal.ts'
import type { EntityKind, Named } from '#services/iam/entity.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { type PageEnd, type PageRequest, pageOf, startPage } from '#services/iam/paging.ts'
import type { Tagged } from '#services/iam/records.ts'

/** Tags in the order of their keys. */
export function listTags<R extends Tagged, M extends string>(
  { records, tokens }: Pick<IamDeps, 'records' | 'tokens'>,
  kind: EntityKind<R, M>,
): Handler<Named<M> & PageRequest, PageEnd & { readonly Tags: readonly Tag[] }> {
  return async (input, { account }) => {
    const given = input[kind.member]
    const { key, value } = await kind.require(records, account, given)
    const page = startPage(tokens, `list tags of ${key.collection}`, { account, given }, input)
    const [Tags, end] = pageOf(page, value.tags ?? [], ({ Key }) => Key)
    return { Tags, ...end }
  }
}
