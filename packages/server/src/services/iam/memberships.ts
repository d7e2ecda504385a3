import type { AccountId } from '#kernel/ids.ts'
import { type GroupRecord, type UserRecord, groupIdKey, groupKey } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** The groups of a user, in the order of joining. */
export async function groupsOf(
  records: RecordStore,
  account: AccountId,
  { groupIds = [] }: UserRecord,
): Promise<readonly GroupRecord[]> {
  const found = await Promise.all(groupIds.map((groupId) => groupOfId(records, account, groupId)))
  return found.filter((group) => group !== undefined)
}

async function groupOfId(records: RecordStore, account: AccountId, groupId: string): Promise<GroupRecord | undefined> {
  const named = await records.get<{ readonly groupName: string }>(groupIdKey(account, groupId))
  const group = named && (await records.get<GroupRecord>(groupKey(account, named.value.groupName)))
  return group?.value.groupId === groupId ? group.value : undefined
}
