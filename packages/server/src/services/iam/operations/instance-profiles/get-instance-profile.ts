import { instanceProfiles } from '#services/iam/instance-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { listedInstanceProfile, tagsView } from '#services/iam/views.ts'

/** An instance profile with its role. */
export function getInstanceProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetInstanceProfile'> {
  return async (input, { account }) => {
    const { value } = await instanceProfiles.require(records, account, input.InstanceProfileName)
    return { InstanceProfile: { ...(await listedInstanceProfile(records, account, value)), ...tagsView(value) } }
  }
}
