import type { Handler } from '#kernel/call.ts'
import type { Named } from '#services/iam/entity.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { type PageEnd, type PageRequest, pageOf, startPage } from '#services/iam/paging.ts'
import type { IdentityRecord } from '#services/iam/records.ts'

/** Names of inline policies, in order. */
export function listInlinePolicies<R extends IdentityRecord, M extends string>(
  { records, tokens }: Pick<IamDeps, 'records' | 'tokens'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & PageRequest, PageEnd & { readonly PolicyNames: readonly string[] }> {
  return async (input, { account }) => {
    const name = input[kind.member]
    const { value } = await kind.require(records, account, name)
    const page = startPage(tokens, `list inline policies of ${kind.noun}`, { account, name }, input)
    const [PolicyNames, end] = pageOf(page, Object.keys(value.policies), (policyName) => policyName)
    return { PolicyNames, ...end }
  }
}
