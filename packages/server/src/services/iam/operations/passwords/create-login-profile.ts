import { findAccount } from '#services/iam/accounts.ts'
import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { users } from '#services/iam/identities.ts'
import { loginView, userOf } from '#services/iam/login-profiles.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { withPassword } from '#services/iam/passwords.ts'

/** A password for a user; only its hash is kept. */
export function createLoginProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateLoginProfile'> {
  return async (input, { account, principal, now }) => {
    const { Password: password, PasswordResetRequired: resetRequired = false } = input
    const userName = userOf(input.UserName, principal)
    if (password === undefined) throw iamErrors.passwordNeeded()
    await users.require(records, account, userName)
    const root = await findAccount(records, account)
    const login = await withPassword(undefined, password, root, { resetRequired, now: wholeSecond(now) })
    const user = await changeEntity(records, users, account, userName, (found) => {
      if (found.login !== undefined) throw iamErrors.loginExists(userName)
      return { value: { ...found, login } }
    })
    return { LoginProfile: loginView(user) }
  }
}
