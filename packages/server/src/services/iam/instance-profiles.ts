import type { AccountId } from '#kernel/ids.ts'
import { checkName } from '#services/iam/checks.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findNamed } from '#services/iam/identities.ts'
import { type InstanceProfileRecord, type RoleRecord, instanceProfileKey } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Instance profiles, by name. */
export const instanceProfiles: EntityKind<InstanceProfileRecord, 'InstanceProfileName'> = {
  member: 'InstanceProfileName',
  async require(records, account, name) {
    checkName('instanceProfileName', name)
    const key = instanceProfileKey(account, name)
    const found = await findNamed<InstanceProfileRecord>(records, key, name, (profile) => profile.profileName)
    if (found === undefined) throw iamErrors.instanceProfileNotFound(name)
    return found
  },
}

/** The instance profiles that hold a role. */
export async function profilesOfRole(
  records: RecordStore,
  account: AccountId,
  { instanceProfiles: names = [] }: RoleRecord,
): Promise<readonly InstanceProfileRecord[]> {
  const found = await Promise.all(
    names.map((name) => records.get<InstanceProfileRecord>(instanceProfileKey(account, name))),
  )
  return found.flatMap((profile) => (profile === undefined ? [] : profile.value))
}
