import type { AccountId } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import { addUse, removeUse } from '#services/iam/policy-usage.ts'
import type { IdentityRecord } from '#services/iam/records.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/**
 * What else changes when an identity gets another boundary, or none.
 * @throws AwsError NoSuchEntity when the boundary is no managed policy that the account can use
 */
export async function boundaryChanges<R extends IdentityRecord>(
  records: RecordStore,
  account: AccountId,
  kind: IdentityKind<R, string>,
  record: R,
  boundary: string | undefined,
): Promise<readonly RecordChange[]> {
  const user = { use: 'boundary', kind: kind.noun, name: kind.nameOf(record), id: kind.idOf(record) } as const
  const removed =
    record.boundary === undefined || record.boundary === boundary ? [] : [removeUse(account, record.boundary, user)]
  const added = boundary === undefined ? [] : await addUse(records, account, boundary, user, iamErrors.boundaryNotFound)
  return [...removed, ...added]
}
