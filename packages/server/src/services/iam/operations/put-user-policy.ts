import { checkName } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { MAX_USER_POLICY_CHARS } from '#services/iam/limits.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { checkIdentityPolicy, countedChars } from '#services/iam/policy-document.ts'
import { changeUser } from '#services/iam/users.ts'

/** Adds an inline policy, or replaces the one of that name. It holds from the next request on. */
export function putUserPolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'PutUserPolicy'> {
  return async (input, { account }) => {
    const { UserName: userName, PolicyName: policyName, PolicyDocument: document } = input
    checkName('userName', userName)
    checkName('policyName', policyName)
    checkIdentityPolicy(document)
    await changeUser(records, account, userName, (user) => {
      const policies = { ...user.policies, [policyName]: document }
      const size = Object.values(policies).reduce((sum, text) => sum + countedChars(text), 0)
      if (size > MAX_USER_POLICY_CHARS) throw iamErrors.policiesTooLong(userName)
      return { ...user, policies }
    })
    return {}
  }
}
