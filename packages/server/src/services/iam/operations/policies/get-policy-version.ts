import { iamErrors } from '#services/iam/errors.ts'
import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { fullVersion } from '#services/iam/policy-views.ts'

/** A version with its document, percent-encoded. */
export function getPolicyVersion({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetPolicyVersion'> {
  return async (input, { account }) => {
    const { PolicyArn: arn, VersionId: versionId } = input
    const { record } = await requireManagedPolicy(records, account, arn)
    const version = record.versions.find((one) => one.versionId === versionId)
    if (version === undefined) throw iamErrors.policyVersionNotFound(arn, versionId)
    return { PolicyVersion: fullVersion(record, version) }
  }
}
