import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { instanceProfiles } from '#services/iam/instance-profiles.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Only one without a role can be deleted. */
export function deleteInstanceProfile({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteInstanceProfile'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision, value } = await instanceProfiles.require(records, account, input.InstanceProfileName)
      if (value.roleName !== undefined) throw iamErrors.mustFirst('remove roles from instance profile')
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
