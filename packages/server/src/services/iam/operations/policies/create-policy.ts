import { policyArn } from '#services/iam/arns.ts'
import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { MAX_POLICIES } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { checkManagedDocument } from '#services/iam/policy-document.ts'
import { fullPolicy } from '#services/iam/policy-views.ts'
import { POLICIES, type PolicyRecord, policyKey } from '#services/iam/records.ts'

const QUOTA = { collection: POLICIES, quota: 'PoliciesPerAccount', most: MAX_POLICIES } as const
const FIRST = 'v1'

/** A managed policy with its first version, which is in force. Names are unique without case. */
export function createPolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreatePolicy'> {
  return async (input, { account, now }) => {
    const { PolicyName: policyName, Path: path = '/', Tags: tags = [], PolicyDocument: document } = input
    checkName('policyName', policyName)
    checkPath(path)
    checkTags(tags)
    checkManagedDocument(document)
    await checkQuota(records, account, QUOTA)
    const createdAt = wholeSecond(now)
    const record: PolicyRecord = {
      policyName,
      policyId: newUniqueId('ANPA'),
      path,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      createdAt,
      updatedAt: createdAt,
      tags,
      defaultVersionId: FIRST,
      versions: [{ versionId: FIRST, document, createdAt }],
      nextVersion: 2,
    }
    await createEntity(records, policyKey(account, policyName), record, () => iamErrors.policyExists(policyName))
    return { Policy: await fullPolicy(records, account, { arn: policyArn(account, path, policyName), record }) }
  }
}
