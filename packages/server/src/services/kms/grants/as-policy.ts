import { grantPolicies } from '@sluice/policy'
import type { Principal } from '#kernel/principal.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'

/** The names under which a grant may speak of a principal: what it is, what its session is, its account. */
export function granteeNames(principal: Principal, region: string): readonly string[] {
  switch (principal.kind) {
    case 'service':
      return [principal.service, principal.service.replace(/\.amazonaws\.com$/, `.${region}.amazonaws.com`)]
    case 'role':
      return [principal.arn, principal.roleArn, rootOf(principal.account)]
    case 'federated-user':
      return [principal.arn, principal.issuer.arn, rootOf(principal.account)]
    case 'user':
    case 'root':
      return [...new Set([principal.arn, rootOf(principal.account)])]
    case 'anonymous':
      return []
    default:
      return principal satisfies never
  }
}

const rootOf = (account: string): string => `arn:aws:iam::${account}:root`

/** A grant whose constraints the request meets, as the policies that it amounts to for this one operation. */
export const asPolicies = (
  { grantId }: Pick<Grant, 'grantId'>,
  granteePrincipal: string,
  operation: string,
  keyArn: string,
): readonly AttachedPolicy[] => grantPolicies([{ grantId, granteePrincipal, operations: [operation] }], keyArn)
