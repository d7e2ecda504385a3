import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { groups, users } from '#services/iam/identities.ts'
import { MAX_GROUPS_OF_USER } from '#services/iam/limits.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { membershipKey } from '#services/iam/records.ts'

/** The user has the group's policies from the next request on. Adding a member again changes nothing. */
export function addUserToGroup({ records }: Pick<IamDeps, 'records'>): IamHandler<'AddUserToGroup'> {
  return async (input, { account }) => {
    const { GroupName: groupName, UserName: userName } = input
    await changeEntity(records, users, account, userName, async (user) => {
      const group = await groups.require(records, account, groupName)
      const { groupId } = group.value
      const { groupIds = [] } = user
      if (groupIds.includes(groupId)) return undefined
      if (groupIds.length >= MAX_GROUPS_OF_USER) throw iamErrors.quotaExceeded('GroupsPerUser', MAX_GROUPS_OF_USER)
      return {
        value: { ...user, groupIds: [...groupIds, groupId] },
        also: [
          { kind: 'put', key: membershipKey(account, groupId, userName), value: { userName } },
          // Touched, so that the group cannot be deleted at the same moment.
          { kind: 'put', key: group.key, value: group.value, expect: group.revision },
        ],
      }
    })
    return {}
  }
}
