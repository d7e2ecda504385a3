import { iamErrors } from '#services/iam/errors.ts'
import { hasItems } from '#services/iam/held-items.ts'
import { SIGNING_CERTIFICATES } from '#services/iam/signing-certificates.ts'
import { SSH_PUBLIC_KEYS } from '#services/iam/ssh-public-keys.ts'
import { users } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { boundaryChanges } from '#services/iam/boundary.ts'
import { retryConflicts } from '#services/iam/entity.ts'

/** Only a user with nothing attached can be deleted. */
export function deleteUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteUser'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision, value } = await users.require(records, account, input.UserName)
      if (value.login !== undefined) throw iamErrors.mustFirst('delete login profile')
      if (Object.keys(value.policies).length > 0) throw iamErrors.mustFirst('delete policies')
      if (value.accessKeyIds.length > 0) throw iamErrors.mustFirst('delete access keys')
      if ((value.mfaDevices ?? []).length > 0) throw iamErrors.mustFirst('delete MFA device')
      if (await hasItems(records, account, SIGNING_CERTIFICATES, value))
        throw iamErrors.mustFirst('delete signing certificates')
      if (await hasItems(records, account, SSH_PUBLIC_KEYS, value)) throw iamErrors.mustFirst('delete SSH public keys')
      if ((value.groupIds ?? []).length > 0) throw iamErrors.mustFirst('remove users from group')
      if ((value.attached ?? []).length > 0) throw iamErrors.mustFirst('detach all policies')
      const boundary = await boundaryChanges(records, account, users, value, undefined)
      await records.commit([{ kind: 'delete', key, expect: revision }, ...boundary])
    })
    return {}
  }
}
