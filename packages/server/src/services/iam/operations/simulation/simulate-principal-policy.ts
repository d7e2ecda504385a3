import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { readExclusions } from '#services/iam/policy-exclusions.ts'
import { principalOfArn, readPolicies, simulate } from '#services/iam/simulation.ts'
import { managedPolicy, policiesOfSource, requireSource } from '#services/iam/source-policies.ts'

/** What a user, group or role may do, with further policies beside its own. */
export function simulatePrincipalPolicy({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'SimulatePrincipalPolicy'> {
  return async (input, { account }) => {
    const { PolicySourceArn: arn, CallerArn, PermissionsBoundaryPolicyInputList: boundaries } = input
    const source = await requireSource(records, account, arn)
    if (source.noun === 'group' && CallerArn === undefined && input.ResourcePolicy !== undefined)
      throw iamErrors.callerNeeded()
    const excluded = readExclusions(input.PolicyExclusionList)
    const own = (await policiesOfSource(records, account, source)).filter(excluded.keeps)
    const boundary = excluded.keepsBoundary ? source.record.boundary : undefined
    const limits =
      boundaries === undefined
        ? boundary === undefined
          ? undefined
          : await managedPolicy(records, account, boundary)
        : readPolicies('PermissionsBoundaryPolicyInputList', boundaries)
    // A group calls nothing itself: its policies are looked at as those of a member whom no policy names.
    const member = { kind: 'user', account, arn: `${arn}/member` } as const
    const principal =
      CallerArn === undefined ? (source.noun === 'group' ? member : principalOfArn(arn)) : principalOfArn(CallerArn)
    const identity = [...own, ...readPolicies('PolicyInputList', input.PolicyInputList)]
    return simulate(
      input,
      { account, principal, identity, ...(limits === undefined ? {} : { boundary: limits }) },
      tokens,
    )
  }
}
