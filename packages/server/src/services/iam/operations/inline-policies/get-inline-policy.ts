import type { Handler } from '#kernel/call.ts'
import { checkName } from '#services/iam/checks.ts'
import type { Named } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { encodeDocument } from '#services/iam/policy-document.ts'
import { type IdentityRecord, inlinePolicy } from '#services/iam/records.ts'

interface Document {
  readonly PolicyName: string
  readonly PolicyDocument: string
}

/** The document comes percent-encoded, as IAM answers it. */
export function getInlinePolicy<R extends IdentityRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PolicyName: string }, Named<M> & Document> {
  return async (input, { account }) => {
    const { PolicyName: policyName } = input
    checkName('policyName', policyName)
    const { value } = await kind.require(records, account, input[kind.member])
    const document = inlinePolicy(value, policyName)
    if (document === undefined) throw iamErrors.inlinePolicyNotFound(kind.noun, policyName)
    return { ...input, PolicyDocument: encodeDocument(document) }
  }
}
