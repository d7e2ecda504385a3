import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { roles } from '#services/iam/identities.ts'
import { instanceProfiles } from '#services/iam/instance-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The instance profile stays, empty. */
export function removeRoleFromInstanceProfile({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'RemoveRoleFromInstanceProfile'> {
  return async (input, { account }) => {
    const { InstanceProfileName: profileName, RoleName: roleName } = input
    await changeEntity(records, roles, account, roleName, async (role) => {
      const { key, revision, value } = await instanceProfiles.require(records, account, profileName)
      const { roleName: held, ...empty } = value
      if (held !== roleName) throw iamErrors.roleNotInProfile(roleName, profileName)
      const kept = (role.instanceProfiles ?? []).filter((name) => name !== profileName)
      return {
        value: { ...role, instanceProfiles: kept },
        also: [{ kind: 'put', key, value: empty, expect: revision }],
      }
    })
    return {}
  }
}
