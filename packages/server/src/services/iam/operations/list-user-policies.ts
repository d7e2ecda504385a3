import { checkName } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { startPage } from '#services/iam/paging.ts'
import { requireUser } from '#services/iam/users.ts'

/** Names of inline policies, in order. */
export function listUserPolicies({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListUserPolicies'> {
  return async (input, { account }) => {
    const { UserName: userName } = input
    checkName('userName', userName)
    const { value } = await requireUser(records, account, userName)
    const page = startPage(tokens, 'ListUserPolicies', { account, userName }, input)
    const { after = '' } = page
    const names = Object.keys(value.policies)
      .filter((name) => name > after)
      .toSorted()
      .slice(0, page.size + 1)
    return { PolicyNames: names.slice(0, page.size), ...page.end(names) }
  }
}
