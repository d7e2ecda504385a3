import { changeEntity } from '#services/iam/entity.ts'
import { roles } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { fullRole } from '#services/iam/views.ts'

/** Sets the description alone. */
export function updateRoleDescription({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateRoleDescription'> {
  return async (input, { account }) => {
    const { Description: description } = input
    const role = await changeEntity(records, roles, account, input.RoleName, (found) => ({
      value: { ...found, description },
    }))
    return { Role: await fullRole(records, account, role) }
  }
}
