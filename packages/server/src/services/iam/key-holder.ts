import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { type AccessKeyOwner, type AccountRecord, accountKey } from '#services/iam/records.ts'
import type { Target } from '#services/iam/target.ts'
import { users } from '#services/iam/identities.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** Who holds access keys: a user, or the root user of an account. */
export interface KeyHolder {
  readonly owner: AccessKeyOwner
  readonly accessKeyIds: readonly string[]
  /** The change that gives the holder these keys, expecting it as it was read. */
  readonly withKeys: (accessKeyIds: readonly string[]) => RecordChange
}

/** @throws AwsError NoSuchEntity */
export async function requireKeyHolder(
  records: RecordStore,
  account: AccountId,
  target: Target,
  now: EpochMillis,
): Promise<KeyHolder> {
  if (target.kind === 'root') return rootHolder(records, account, now)
  const { key, revision, value } = await users.require(records, account, target.userName)
  return {
    owner: { kind: 'user', userName: value.userName, userId: value.userId },
    accessKeyIds: value.accessKeyIds,
    withKeys: (accessKeyIds) => ({ kind: 'put', key, value: { ...value, accessKeyIds }, expect: revision }),
  }
}

async function rootHolder(records: RecordStore, account: AccountId, now: EpochMillis): Promise<KeyHolder> {
  const key = accountKey(account)
  const found = await records.get<AccountRecord>(key)
  const value = found?.value ?? { createdAt: now, accessKeyIds: [] }
  return {
    owner: { kind: 'root' },
    accessKeyIds: value.accessKeyIds,
    withKeys: (accessKeyIds) => ({ kind: 'put', key, value: { ...value, accessKeyIds }, expect: found?.revision ?? 0 }),
  }
}
