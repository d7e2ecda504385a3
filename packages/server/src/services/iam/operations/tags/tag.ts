import type { Handler } from '#kernel/call.ts'
import type { Tag } from '#kernel/principal.ts'
import { checkTags } from '#services/iam/checks.ts'
import { type EntityKind, type Named, changeEntity } from '#services/iam/entity.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import type { Tagged } from '#services/iam/records.ts'

/** Adds tags; one whose key differs in case only from an earlier one replaces it. */
export function tag<R extends Tagged, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: EntityKind<R, M>,
): Handler<Named<M> & { readonly Tags: readonly Tag[] }, NoOutput> {
  return async (input, { account }) => {
    checkTags(input.Tags)
    const replaced = new Set(input.Tags.map(({ Key }) => Key.toLowerCase()))
    await changeEntity(records, kind, account, input[kind.member], (record) => {
      const kept = (record.tags ?? []).filter(({ Key }) => !replaced.has(Key.toLowerCase()))
      const tags = [...kept, ...input.Tags]
      checkTags(tags)
      return { value: { ...record, tags } }
    })
    return {}
  }
}
