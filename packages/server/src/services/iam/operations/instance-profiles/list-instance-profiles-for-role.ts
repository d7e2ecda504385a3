import { roles } from '#services/iam/identities.ts'
import { profilesOfRole } from '#services/iam/instance-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { listedInstanceProfile } from '#services/iam/views.ts'

/** The instance profiles that hold a role. */
export function listInstanceProfilesForRole({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListInstanceProfilesForRole'> {
  return async (input, { account }) => {
    const { RoleName: roleName } = input
    const { value } = await roles.require(records, account, roleName)
    const page = startPage(tokens, 'ListInstanceProfilesForRole', { account, roleName }, input)
    const profiles = await profilesOfRole(records, account, value)
    const [found, end] = pageOf(page, profiles, ({ profileName }) => profileName.toLowerCase())
    return {
      InstanceProfiles: await Promise.all(found.map((profile) => listedInstanceProfile(records, account, profile))),
      ...end,
    }
  }
}
