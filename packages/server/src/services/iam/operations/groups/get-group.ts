import { findUser, groups } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage } from '#services/iam/paging.ts'
import { MEMBERSHIPS, type MembershipRecord } from '#services/iam/records.ts'
import { groupView, listedUser } from '#services/iam/views.ts'

/** A group and a page of its users, by name without case. */
export function getGroup({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'GetGroup'> {
  return async (input, { account }) => {
    const { value } = await groups.require(records, account, input.GroupName)
    const page = startPage(tokens, 'GetGroup', { account, groupId: value.groupId }, input)
    const from = { collection: MEMBERSHIPS, account, prefix: `${value.groupId}/` }
    const [members, end] = await pageOfRecords<MembershipRecord>(records, from, page)
    const found = await Promise.all(members.map(({ userName }) => findUser(records, account, userName)))
    return {
      Group: groupView(account, value),
      Users: found.flatMap((user) => (user === undefined ? [] : listedUser(account, user.value))),
      ...end,
    }
  }
}
