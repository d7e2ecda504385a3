import type { Handler } from '#kernel/call.ts'
import { type EntityKind, type Named, changeEntity } from '#services/iam/entity.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import type { Tagged } from '#services/iam/records.ts'

/** Removes tags by key; keys that are not there are passed over. */
export function untag<R extends Tagged, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: EntityKind<R, M>,
): Handler<Named<M> & { readonly TagKeys: readonly string[] }, NoOutput> {
  return async (input, { account }) => {
    const removed = new Set(input.TagKeys.map((key) => key.toLowerCase()))
    await changeEntity(records, kind, account, input[kind.member], (record) => ({
      value: { ...record, tags: (record.tags ?? []).filter(({ Key }) => !removed.has(Key.toLowerCase())) },
    }))
    return {}
  }
}
