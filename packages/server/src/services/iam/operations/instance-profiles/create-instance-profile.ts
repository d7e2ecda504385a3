import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { MAX_INSTANCE_PROFILES } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { INSTANCE_PROFILES, type InstanceProfileRecord, instanceProfileKey } from '#services/iam/records.ts'
import { listedInstanceProfile, tagsView } from '#services/iam/views.ts'

const QUOTA = {
  collection: INSTANCE_PROFILES,
  quota: 'InstanceProfilesPerAccount',
  most: MAX_INSTANCE_PROFILES,
} as const

/** Names are unique without case. */
export function createInstanceProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateInstanceProfile'> {
  return async (input, { account, now }) => {
    const { InstanceProfileName: profileName, Path: path = '/', Tags: tags = [] } = input
    checkName('instanceProfileName', profileName)
    checkPath(path)
    checkTags(tags)
    await checkQuota(records, account, QUOTA)
    const profileId = newUniqueId('AIPA')
    const profile: InstanceProfileRecord = { profileName, profileId, path, createdAt: wholeSecond(now), tags }
    const exists = () => iamErrors.instanceProfileExists(profileName)
    await createEntity(records, instanceProfileKey(account, profileName), profile, exists)
    return {
      InstanceProfile: { ...(await listedInstanceProfile(records, account, profile)), ...tagsView(profile) },
    }
  }
}
