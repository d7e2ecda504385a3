import { iamErrors } from '#services/iam/errors.ts'
import { requireKeyHolder } from '#services/iam/key-holder.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { accessKeyKey } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'
import { retryConflicts } from '#services/iam/entity.ts'

/** The key is unknown from the next request on. Only a key of the user named, or else of the caller, is found. */
export function deleteAccessKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteAccessKey'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const { AccessKeyId: id } = input
    await retryConflicts(async () => {
      const holder = await requireKeyHolder(records, account, target, now)
      // Somebody else's key is as unknown as one that does not exist.
      if (!holder.accessKeyIds.includes(id)) throw iamErrors.accessKeyNotFound(id)
      await records.commit([
        holder.withKeys(holder.accessKeyIds.filter((kept) => kept !== id)),
        { kind: 'delete', key: accessKeyKey(account, id) },
      ])
    })
    return {}
  }
}
