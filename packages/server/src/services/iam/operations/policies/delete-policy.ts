import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { customerPolicies } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { usesOf } from '#services/iam/policy-usage.ts'

/** Only a policy that nobody uses, with its default version alone, can be deleted. */
export function deletePolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeletePolicy'> {
  return async (input, { account }) => {
    const { PolicyArn: arn } = input
    await retryConflicts(async () => {
      const { key, revision, value } = await customerPolicies.require(records, account, arn)
      if ((await usesOf(records, account, arn)).length > 0) throw iamErrors.policyAttached()
      if (value.versions.length > 1) throw iamErrors.policyHasVersions()
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
