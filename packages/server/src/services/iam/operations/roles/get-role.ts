import { roles } from '#services/iam/identities.ts'
import { roleLastUsed } from '#services/iam/last-used.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { fullRole } from '#services/iam/views.ts'

/** A role with its trust policy, percent-encoded, and when it was last used. */
export function getRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetRole'> {
  return async (input, { account }) => {
    const { value } = await roles.require(records, account, input.RoleName)
    const role = await fullRole(records, account, value)
    return { Role: { ...role, RoleLastUsed: await roleLastUsed(records, account, value) } }
  }
}
