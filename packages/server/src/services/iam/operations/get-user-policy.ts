import { checkName } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { encodeDocument } from '#services/iam/policy-document.ts'
import { inlinePolicy } from '#services/iam/records.ts'
import { requireUser } from '#services/iam/users.ts'

/** The document comes percent-encoded, as IAM answers it. */
export function getUserPolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetUserPolicy'> {
  return async (input, { account }) => {
    const { UserName: userName, PolicyName: policyName } = input
    checkName('userName', userName)
    checkName('policyName', policyName)
    const { value } = await requireUser(records, account, userName)
    const document = inlinePolicy(value, policyName)
    if (document === undefined) throw iamErrors.userPolicyNotFound(policyName)
    return { UserName: userName, PolicyName: policyName, PolicyDocument: encodeDocument(document) }
  }
}
