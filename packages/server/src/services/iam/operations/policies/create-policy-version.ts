import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { MAX_POLICY_VERSIONS } from '#services/iam/limits.ts'
import { customerPolicies } from '#services/iam/managed-policies.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { checkManagedDocument } from '#services/iam/policy-document.ts'
import { listedVersion } from '#services/iam/policy-views.ts'
import type { PolicyVersionRecord } from '#services/iam/records.ts'

/** A new version; `SetAsDefault` puts it in force for everybody who has the policy. */
export function createPolicyVersion({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreatePolicyVersion'> {
  return async (input, { account, now }) => {
    const { PolicyArn: arn, PolicyDocument: document, SetAsDefault: setAsDefault = false } = input
    checkManagedDocument(document)
    const createdAt = wholeSecond(now)
    const policy = await changeEntity(records, customerPolicies, account, arn, (record) => {
      if (record.versions.length >= MAX_POLICY_VERSIONS) throw iamErrors.tooManyVersions()
      const versionId = `v${String(record.nextVersion)}`
      return {
        value: {
          ...record,
          versions: [...record.versions, { versionId, document, createdAt }],
          nextVersion: record.nextVersion + 1,
          updatedAt: createdAt,
          ...(setAsDefault ? { defaultVersionId: versionId } : {}),
        },
      }
    })
    // The change that was committed ends with the new version.
    return { PolicyVersion: listedVersion(policy, policy.versions.at(-1) as PolicyVersionRecord) }
  }
}
