import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { groups, users } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { membershipKey } from '#services/iam/records.ts'

/** The group's policies do not count for the user from the next request on. */
export function removeUserFromGroup({ records }: Pick<IamDeps, 'records'>): IamHandler<'RemoveUserFromGroup'> {
  return async (input, { account }) => {
    const { GroupName: groupName, UserName: userName } = input
    await changeEntity(records, users, account, userName, async (user) => {
      const { groupId } = (await groups.require(records, account, groupName)).value
      const { groupIds = [] } = user
      if (!groupIds.includes(groupId)) throw iamErrors.userNotInGroup(userName, groupName)
      return {
        value: { ...user, groupIds: groupIds.filter((kept) => kept !== groupId) },
        also: [{ kind: 'delete', key: membershipKey(account, groupId, userName) }],
      }
    })
    return {}
  }
}
