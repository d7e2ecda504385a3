import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { wholeSecond } from '#services/iam/operation.ts'
import { type AccountRecord, accountKey } from '#services/iam/records.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** An account needs no creating here: it begins when it is first asked about, and then keeps that date. */
export function accountCreated(records: RecordStore, account: AccountId, now: EpochMillis): Promise<EpochMillis> {
  return retryConflicts(async () => {
    const found = await records.get<AccountRecord>(accountKey(account))
    if (found !== undefined) return found.value.createdAt
    const value: AccountRecord = { createdAt: wholeSecond(now), accessKeyIds: [] }
    await records.commit([{ kind: 'put', key: accountKey(account), value, expect: 0 }])
    return value.createdAt
  })
}

export const findAccount = async (records: RecordStore, account: AccountId): Promise<AccountRecord | undefined> =>
  (await records.get<AccountRecord>(accountKey(account)))?.value

/** Reads an account, works out its next state and commits that with whatever else changes. */
export function changeAccount(
  records: RecordStore,
  account: AccountId,
  now: EpochMillis,
  next: (
    record: AccountRecord,
  ) => readonly [AccountRecord, ...RecordChange[]] | Promise<readonly [AccountRecord, ...RecordChange[]]>,
): Promise<void> {
  return retryConflicts(async () => {
    const key = accountKey(account)
    const found = await records.get<AccountRecord>(key)
    const [value, ...also] = await next(found?.value ?? { createdAt: wholeSecond(now), accessKeyIds: [] })
    await records.commit([{ kind: 'put', key, value, expect: found?.revision ?? 0 }, ...also])
  })
}
