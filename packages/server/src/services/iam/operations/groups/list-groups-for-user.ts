import { users } from '#services/iam/identities.ts'
import { groupsOf } from '#services/iam/memberships.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { groupView } from '#services/iam/views.ts'

/** The groups of a user, by name without case. */
export function listGroupsForUser({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListGroupsForUser'> {
  return async (input, { account }) => {
    const { UserName: userName } = input
    const { value } = await users.require(records, account, userName)
    const page = startPage(tokens, 'ListGroupsForUser', { account, userName }, input)
    const groups = await groupsOf(records, account, value)
    const [found, end] = pageOf(page, groups, ({ groupName }) => groupName.toLowerCase())
    return { Groups: found.map((group) => groupView(account, group)), ...end }
  }
}
