import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { customerPolicies } from '#services/iam/managed-policies.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'

/** The version holds from the next request on, for everybody who has the policy. */
export function setDefaultPolicyVersion({ records }: Pick<IamDeps, 'records'>): IamHandler<'SetDefaultPolicyVersion'> {
  return async (input, { account, now }) => {
    const { PolicyArn: arn, VersionId: defaultVersionId } = input
    await changeEntity(records, customerPolicies, account, arn, (record) => {
      if (!record.versions.some(({ versionId }) => versionId === defaultVersionId))
        throw iamErrors.policyVersionNotFound(arn, defaultVersionId)
      return { value: { ...record, defaultVersionId, updatedAt: wholeSecond(now) } }
    })
    return {}
  }
}
