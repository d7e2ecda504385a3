import { GLOBAL_REGION } from '#kernel/ids.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { groups } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { MEMBERSHIPS, groupIdKey } from '#services/iam/records.ts'

/** Only an empty group with nothing attached can be deleted. */
export function deleteGroup({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteGroup'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision, value } = await groups.require(records, account, input.GroupName)
      const only = { prefix: `${value.groupId}/`, limit: 1 }
      const members = await records.list(MEMBERSHIPS, account, GLOBAL_REGION, only)
      if (members.length > 0) throw iamErrors.mustFirst('remove users from group')
      if ((value.attached ?? []).length > 0) throw iamErrors.mustFirst('detach all policies')
      if (Object.keys(value.policies).length > 0) throw iamErrors.mustFirst('delete policies')
      await records.commit([
        { kind: 'delete', key, expect: revision },
        { kind: 'delete', key: groupIdKey(account, value.groupId) },
      ])
    })
    return {}
  }
}
