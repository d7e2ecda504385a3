import { checkName, checkPath } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { MAX_GROUPS } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { GROUPS, type GroupRecord, groupIdKey, groupKey } from '#services/iam/records.ts'
import { groupView } from '#services/iam/views.ts'

const QUOTA = { collection: GROUPS, quota: 'GroupsPerAccount', most: MAX_GROUPS } as const

/** Names are unique without case. */
export function createGroup({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateGroup'> {
  return async (input, { account, now }) => {
    const { GroupName: groupName, Path: path = '/' } = input
    checkName('groupName', groupName)
    checkPath(path)
    await checkQuota(records, account, QUOTA)
    const groupId = newUniqueId('AGPA')
    const group: GroupRecord = { groupName, groupId, path, createdAt: wholeSecond(now), policies: {} }
    const exists = () => iamErrors.entityExists('group', groupName)
    await createEntity(records, groupKey(account, groupName), group, exists, async () => [
      { kind: 'put', key: groupIdKey(account, groupId), value: { groupName } },
    ])
    return { Group: groupView(account, group) }
  }
}
