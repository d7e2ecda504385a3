import type { Handler } from '#kernel/call.ts'
import { checkName } from '#services/iam/checks.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import { checkPolicyDocument, countedChars } from '#services/iam/policy-document.ts'
import type { IdentityRecord } from '#services/iam/records.ts'

/** Adds an inline policy, or replaces the one of that name. It holds from the next request on. */
export function putInlinePolicy<R extends IdentityRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PolicyName: string; readonly PolicyDocument: string }, NoOutput> {
  return async (input, { account }) => {
    const { PolicyName: policyName, PolicyDocument: document } = input
    checkName('policyName', policyName)
    checkPolicyDocument(document, 'identity')
    await changeEntity(records, kind, account, input[kind.member], (record) => {
      const policies = { ...record.policies, [policyName]: document }
      const size = Object.values(policies).reduce((sum, text) => sum + countedChars(text), 0)
      if (size > kind.inlineChars) throw iamErrors.policiesTooLong(kind.noun, kind.nameOf(record), kind.inlineChars)
      return { value: { ...record, policies } }
    })
    return {}
  }
}
