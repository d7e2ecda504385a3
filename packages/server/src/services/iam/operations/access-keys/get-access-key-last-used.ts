import { ownerName } from '#services/iam/access-key-view.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { usesBy } from '#services/iam/last-used.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { type AccessKeyRecord, accessKeyKey } from '#services/iam/records.ts'

const NEVER = { ServiceName: 'N/A', Region: 'N/A' } as const

/** Who has a key of this account, and what it was last used for. */
export function getAccessKeyLastUsed({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetAccessKeyLastUsed'> {
  return async (input, { account }) => {
    const { AccessKeyId: id } = input
    const found = await records.get<AccessKeyRecord>(accessKeyKey(account, id))
    if (found === undefined) throw iamErrors.accessKeyNotFound(id)
    const [last] = await usesBy(records, account, id)
    return {
      UserName: ownerName(account, found.value.owner),
      AccessKeyLastUsed:
        last === undefined ? NEVER : { LastUsedDate: last.at, ServiceName: last.service, Region: last.region },
    }
  }
}
