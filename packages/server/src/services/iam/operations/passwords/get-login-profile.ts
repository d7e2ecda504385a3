import { users } from '#services/iam/identities.ts'
import { loginView, userOf } from '#services/iam/login-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Whether a user has a password, and since when. */
export function getLoginProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetLoginProfile'> {
  return async (input, { account, principal }) => {
    const { value } = await users.require(records, account, userOf(input.UserName, principal))
    return { LoginProfile: loginView(value) }
  }
}
