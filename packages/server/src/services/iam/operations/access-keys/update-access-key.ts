import { iamErrors } from '#services/iam/errors.ts'
import { requireKeyHolder } from '#services/iam/key-holder.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { type AccessKeyRecord, accessKeyKey } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'

/** An inactive key is unknown to the gate from the next request on. */
export function updateAccessKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateAccessKey'> {
  return async (input, { account, principal, now }) => {
    const { AccessKeyId: id, Status: status } = input
    // The model also knows a status that only AWS itself gives.
    if (status !== 'Active' && status !== 'Inactive') throw iamErrors.badKeyStatus(status)
    const target = targetOf(input.UserName, principal)
    await retryConflicts(async () => {
      const holder = await requireKeyHolder(records, account, target, now)
      const found = await records.get<AccessKeyRecord>(accessKeyKey(account, id))
      if (found === undefined || !holder.accessKeyIds.includes(id)) throw iamErrors.accessKeyNotFound(id)
      const value: AccessKeyRecord = { ...found.value, status }
      await records.commit([{ kind: 'put', key: found.key, value, expect: found.revision }])
    })
    return {}
  }
}
