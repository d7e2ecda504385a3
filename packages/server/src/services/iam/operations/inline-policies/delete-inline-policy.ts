import type { Handler } from '#kernel/call.ts'
import { checkName } from '#services/iam/checks.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import { type IdentityRecord, inlinePolicy } from '#services/iam/records.ts'

/** What the policy allowed is denied from the next request on. */
export function deleteInlinePolicy<R extends IdentityRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PolicyName: string }, NoOutput> {
  return async (input, { account }) => {
    const { PolicyName: policyName } = input
    checkName('policyName', policyName)
    await changeEntity(records, kind, account, input[kind.member], (record) => {
      if (inlinePolicy(record, policyName) === undefined) throw iamErrors.inlinePolicyNotFound(kind.noun, policyName)
      const kept = Object.entries(record.policies).filter(([name]) => name !== policyName)
      return { value: { ...record, policies: Object.fromEntries(kept) } }
    })
    return {}
  }
}
