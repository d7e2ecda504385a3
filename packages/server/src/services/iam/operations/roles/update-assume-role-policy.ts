import { changeEntity } from '#services/iam/entity.ts'
import { roles } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { readTrust } from '#services/iam/trust.ts'

/** Replaces the trust policy; sessions that exist go on. */
export function updateAssumeRolePolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateAssumeRolePolicy'> {
  return async (input, { account }) => {
    const trust = await readTrust(records, account, input.PolicyDocument)
    await changeEntity(records, roles, account, input.RoleName, (role) => ({ value: { ...role, ...trust } }))
    return {}
  }
}
