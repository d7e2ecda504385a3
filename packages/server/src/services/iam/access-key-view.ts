import type { AccountId } from '#kernel/ids.ts'
import type { AccessKeyOwner } from '#services/iam/records.ts'

/** The `UserName` of an access key; the root user has no name, so its id stands there. */
export const ownerName = (account: AccountId, owner: AccessKeyOwner): string =>
  owner.kind === 'user' ? owner.userName : account
