import { findAccount } from '#services/iam/accounts.ts'
import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { users } from '#services/iam/identities.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { withPassword } from '#services/iam/passwords.ts'

/** Another password, or whether it must be changed at the next sign-in. */
export function updateLoginProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateLoginProfile'> {
  return async (input, { account, now }) => {
    const { UserName: userName, Password: password, PasswordResetRequired: asked } = input
    const root = await findAccount(records, account)
    await changeEntity(records, users, account, userName, async (user) => {
      const { login } = user
      if (login === undefined) throw iamErrors.loginNotFound(userName)
      const resetRequired = asked ?? login.resetRequired
      if (password === undefined) return { value: { ...user, login: { ...login, resetRequired } } }
      const changed = await withPassword(login, password, root, { resetRequired, now: wholeSecond(now) })
      return { value: { ...user, login: changed } }
    })
    return {}
  }
}
