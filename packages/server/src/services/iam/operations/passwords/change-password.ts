import { findAccount } from '#services/iam/accounts.ts'
import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { users } from '#services/iam/identities.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { isCurrent, withPassword } from '#services/iam/passwords.ts'

/** A user changes its own password, knowing the old one. */
export function changePassword({ records }: Pick<IamDeps, 'records'>): IamHandler<'ChangePassword'> {
  return async (input, { account, principal, now }) => {
    if (principal.kind !== 'user') throw iamErrors.onlyUsers()
    const { userName } = principal
    const root = await findAccount(records, account)
    await changeEntity(records, users, account, userName, async (user) => {
      const { login } = user
      if (login === undefined) throw iamErrors.loginNotFound(userName)
      if (!(await isCurrent(login, input.OldPassword))) throw iamErrors.wrongPassword()
      const changed = await withPassword(login, input.NewPassword, root, {
        resetRequired: false,
        now: wholeSecond(now),
      })
      return { value: { ...user, login: changed } }
    })
    return {}
  }
}
