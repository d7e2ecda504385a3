import { boundaryChanges } from '#services/iam/boundary.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { roles } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Only a role with nothing attached can be deleted; its sessions are worth nothing from then on. */
export function deleteRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteRole'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision, value } = await roles.require(records, account, input.RoleName)
      roles.checkModifiable?.(value)
      if ((value.instanceProfiles ?? []).length > 0) throw iamErrors.mustFirst('remove roles from instance profile')
      if ((value.attached ?? []).length > 0) throw iamErrors.mustFirst('detach all policies')
      if (Object.keys(value.policies).length > 0) throw iamErrors.mustFirst('delete policies')
      const boundary = await boundaryChanges(records, account, roles, value, undefined)
      await records.commit([{ kind: 'delete', key, expect: revision }, ...boundary])
    })
    return {}
  }
}
