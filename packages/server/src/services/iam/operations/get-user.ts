import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { type AccountRecord, accountKey } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'
import { fullUser, rootUser } from '#services/iam/user-view.ts'
import { requireUser, retryConflicts } from '#services/iam/users.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Without a name it answers about the caller. */
export function getUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetUser'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    if (target.kind === 'root') return { User: rootUser(account, await accountCreated(records, account, now)) }
    const user = await requireUser(records, account, target.userName)
    return { User: fullUser(account, user.value) }
  }
}

/** An account needs no creating here: it begins when it is first asked about, and then keeps that date. */
function accountCreated(records: RecordStore, account: AccountId, now: EpochMillis): Promise<EpochMillis> {
  const key = accountKey(account)
  return retryConflicts(async () => {
    const found = await records.get<AccountRecord>(key)
    if (found !== undefined) return found.value.createdAt
    const value: AccountRecord = { createdAt: wholeSecond(now), accessKeyIds: [] }
    await records.commit([{ kind: 'put', key, value, expect: 0 }])
    return value.createdAt
  })
}
