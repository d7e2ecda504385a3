import { parseIamArn, roleArn } from '#services/iam/arns.ts'
import { findRole } from '#services/iam/identities.ts'
import type { RoleRecord } from '#services/iam/records.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** The role of exactly this ARN, in whatever account. */
export async function roleOfArn(records: RecordStore, arn: string): Promise<StoredRecord<RoleRecord> | undefined> {
  const parsed = parseIamArn(arn)
  if (parsed?.type !== 'role') return undefined
  const found = await findRole(records, parsed.account, parsed.name)
  // The path is part of the ARN but not of the key.
  return found !== undefined && roleArn(parsed.account, found.value.path, found.value.roleName) === arn
    ? found
    : undefined
}
