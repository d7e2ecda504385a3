import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { grantsService } from '#services/iam/service-access.ts'
import { type SourcePolicy, policiesOfSource, requireSource } from '#services/iam/source-policies.ts'

const ENTITY_TYPES = { user: 'USER', role: 'ROLE', group: 'GROUP' } as const

/** Which policies of a user, group or role open which services. */
export function listPoliciesGrantingServiceAccess({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListPoliciesGrantingServiceAccess'> {
  return async (input, { account }) => {
    const { Arn: arn, ServiceNamespaces: namespaces } = input
    const policies = await policiesOfSource(records, account, await requireSource(records, account, arn))
    const page = startPage(tokens, 'ListPoliciesGrantingServiceAccess', { account, arn, namespaces }, input)
    const [found, end] = pageOf(page, [...new Set(namespaces)], (namespace) => namespace)
    return {
      PoliciesGrantingServiceAccess: found.map((namespace) => ({
        ServiceNamespace: namespace,
        Policies: policies.filter(({ policy }) => grantsService(policy, namespace)).map(viewOf),
      })),
      ...end,
    }
  }
}

const viewOf = ({ policyName, arn, noun, entityName }: SourcePolicy) =>
  arn === undefined
    ? { PolicyName: policyName, PolicyType: 'INLINE' as const, EntityType: ENTITY_TYPES[noun], EntityName: entityName }
    : { PolicyName: policyName, PolicyType: 'MANAGED' as const, PolicyArn: arn }
