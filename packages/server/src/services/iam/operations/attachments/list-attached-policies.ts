import type { Handler, OperationOutput } from '#kernel/call.ts'
import { checkPathPrefix } from '#services/iam/checks.ts'
import type { Named } from '#services/iam/entity.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { type PageRequest, pageOf, startPage } from '#services/iam/paging.ts'
import { attachedView } from '#services/iam/policy-views.ts'
import type { IdentityRecord } from '#services/iam/records.ts'

type Output = OperationOutput<'iam', 'ListAttachedUserPolicies'>

/** Managed policies of a user, group or role, by ARN. */
export function listAttachedPolicies<R extends IdentityRecord, M extends string>(
  { records, tokens }: Pick<IamDeps, 'records' | 'tokens'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & PageRequest & { readonly PathPrefix?: string | undefined }, Output> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const name = input[kind.member]
    const { value } = await kind.require(records, account, name)
    const page = startPage(tokens, `list attached policies of ${kind.noun}`, { account, name, pathPrefix }, input)
    const wanted = attachedView(value).filter(({ PolicyArn }) => pathOf(PolicyArn).startsWith(pathPrefix))
    const [AttachedPolicies, end] = pageOf(page, wanted, ({ PolicyArn }) => PolicyArn)
    return { AttachedPolicies, ...end }
  }
}

/** The path inside a policy's ARN. */
const pathOf = (arn: string): string => arn.slice(arn.indexOf(':policy') + ':policy'.length, arn.lastIndexOf('/') + 1)
