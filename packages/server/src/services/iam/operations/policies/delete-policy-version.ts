import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { customerPolicies } from '#services/iam/managed-policies.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'

/** The version in force goes with the policy only. */
export function deletePolicyVersion({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeletePolicyVersion'> {
  return async (input, { account, now }) => {
    const { PolicyArn: arn, VersionId: versionId } = input
    await changeEntity(records, customerPolicies, account, arn, (record) => {
      if (record.defaultVersionId === versionId) throw iamErrors.defaultVersion()
      const versions = record.versions.filter((version) => version.versionId !== versionId)
      if (versions.length === record.versions.length) throw iamErrors.policyVersionNotFound(arn, versionId)
      return { value: { ...record, versions, updatedAt: wholeSecond(now) } }
    })
    return {}
  }
}
