import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { roles } from '#services/iam/identities.ts'
import { instanceProfiles } from '#services/iam/instance-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** An instance profile holds one role at most. */
export function addRoleToInstanceProfile({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'AddRoleToInstanceProfile'> {
  return async (input, { account }) => {
    const { InstanceProfileName: profileName, RoleName: roleName } = input
    await changeEntity(records, roles, account, roleName, async (role) => {
      const profile = await instanceProfiles.require(records, account, profileName)
      if (profile.value.roleName !== undefined) throw iamErrors.quotaExceeded('InstanceSessionsPerInstanceProfile', 1)
      return {
        value: { ...role, instanceProfiles: [...(role.instanceProfiles ?? []), profileName] },
        also: [{ kind: 'put', key: profile.key, value: { ...profile.value, roleName }, expect: profile.revision }],
      }
    })
    return {}
  }
}
