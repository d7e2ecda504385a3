import { checkName } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { inlinePolicy } from '#services/iam/records.ts'
import { changeUser } from '#services/iam/users.ts'

/** What the policy allowed is denied from the next request on. */
export function deleteUserPolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteUserPolicy'> {
  return async (input, { account }) => {
    const { UserName: userName, PolicyName: policyName } = input
    checkName('userName', userName)
    checkName('policyName', policyName)
    await changeUser(records, account, userName, (user) => {
      if (inlinePolicy(user, policyName) === undefined) throw iamErrors.userPolicyNotFound(policyName)
      const kept = Object.entries(user.policies).filter(([name]) => name !== policyName)
      return { ...user, policies: Object.fromEntries(kept) }
    })
    return {}
  }
}
