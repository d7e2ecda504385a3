import { changeEntity } from '#services/iam/entity.ts'
import { roles } from '#services/iam/identities.ts'
import { DEFAULT_SESSION_SECONDS } from '#services/iam/limits.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Sets the description and the longest session; a session length that is left out becomes one hour, as on AWS. */
export function updateRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateRole'> {
  return async (input, { account }) => {
    const { Description: description, MaxSessionDuration: maxSessionDuration = DEFAULT_SESSION_SECONDS } = input
    await changeEntity(records, roles, account, input.RoleName, (role) => ({
      value: { ...role, maxSessionDuration, ...(description === undefined ? {} : { description }) },
    }))
    return {}
  }
}
