import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { accountCreated } from '#services/iam/accounts.ts'
import { targetOf } from '#services/iam/target.ts'
import { fullUser, rootUser } from '#services/iam/views.ts'
import { users } from '#services/iam/identities.ts'

/** Without a name it answers about the caller. */
export function getUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetUser'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    if (target.kind === 'root') return { User: rootUser(account, await accountCreated(records, account, now)) }
    const user = await users.require(records, account, target.userName)
    return { User: fullUser(account, user.value) }
  }
}
