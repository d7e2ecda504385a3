import { checkName } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { requireUser, retryConflicts } from '#services/iam/users.ts'

/** Only a user with nothing attached can be deleted. */
export function deleteUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteUser'> {
  return async (input, { account }) => {
    checkName('userName', input.UserName)
    await retryConflicts(async () => {
      const { key, revision, value } = await requireUser(records, account, input.UserName)
      if (Object.keys(value.policies).length > 0) throw iamErrors.userHasPolicies()
      if (value.accessKeyIds.length > 0) throw iamErrors.userHasAccessKeys()
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
