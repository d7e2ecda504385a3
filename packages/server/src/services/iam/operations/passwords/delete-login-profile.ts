import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { users } from '#services/iam/identities.ts'
import { userOf } from '#services/iam/login-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The user has no password any more; access keys stay. */
export function deleteLoginProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteLoginProfile'> {
  return async (input, { account, principal }) => {
    const userName = userOf(input.UserName, principal)
    await changeEntity(records, users, account, userName, ({ login, ...user }) => {
      if (login === undefined) throw iamErrors.loginNotFound(userName)
      return { value: user }
    })
    return {}
  }
}
