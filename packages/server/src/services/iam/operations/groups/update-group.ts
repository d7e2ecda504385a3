import { checkName, checkPath } from '#services/iam/checks.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { groups } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { type GroupRecord, groupIdKey, groupKey } from '#services/iam/records.ts'
import { moveIdentity } from '#services/iam/rename.ts'

/** Another name or path. Members, policies and the unique id stay; the ARN changes. */
export function updateGroup({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateGroup'> {
  return async (input, { account }) => {
    const { GroupName: groupName, NewGroupName: newName = groupName, NewPath: newPath } = input
    checkName('newGroupName', newName)
    if (newPath !== undefined) checkPath(newPath)
    await retryConflicts(async () => {
      const found = await groups.require(records, account, groupName)
      const group: GroupRecord = { ...found.value, groupName: newName, path: newPath ?? found.value.path }
      const to = {
        key: groupKey(account, newName),
        value: group,
        exists: () => iamErrors.entityExists('group', newName),
      }
      await moveIdentity(records, account, groups, found, to, [
        { kind: 'put', key: groupIdKey(account, group.groupId), value: { groupName: newName } },
      ])
    })
    return {}
  }
}
