import { requireKeyHolder } from '#services/iam/key-holder.ts'
import { ownerName } from '#services/iam/access-key-view.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { startPage } from '#services/iam/paging.ts'
import { type AccessKeyRecord, accessKeyKey } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'

/** In order of creation, without secrets. */
export function listAccessKeys({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListAccessKeys'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const { accessKeyIds } = await requireKeyHolder(records, account, target, now)
    const page = startPage(tokens, 'ListAccessKeys', { account, target }, input)
    const first = page.after === undefined ? 0 : accessKeyIds.indexOf(page.after) + 1
    const ids = accessKeyIds.slice(first, first + page.size + 1)
    const keys = await Promise.all(
      ids.slice(0, page.size).map((id) => records.get<AccessKeyRecord>(accessKeyKey(account, id))),
    )
    return {
      AccessKeyMetadata: keys.flatMap((found) =>
        found === undefined
          ? []
          : {
              UserName: ownerName(account, found.value.owner),
              AccessKeyId: found.key.id,
              Status: found.value.status,
              CreateDate: found.value.createdAt,
            },
      ),
      ...page.end(ids),
    }
  }
}
