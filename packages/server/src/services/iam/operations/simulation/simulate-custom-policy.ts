import { rootArn } from '#services/iam/arns.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { principalOfArn, readPolicies, simulate } from '#services/iam/simulation.ts'

/** What policies that nobody has yet would allow. */
export function simulateCustomPolicy({ tokens }: Pick<IamDeps, 'tokens'>): IamHandler<'SimulateCustomPolicy'> {
  return async (input, { account }) => {
    const { PolicyInputList, PermissionsBoundaryPolicyInputList, CallerArn, ResourcePolicy } = input
    if (ResourcePolicy !== undefined && CallerArn === undefined) throw iamErrors.callerNeeded()
    // Without a caller the policies are looked at as those of a user whom no policy names.
    const nobody = { kind: 'user', account, arn: `${rootArn(account)}/simulated` } as const
    const subject = {
      account,
      principal: CallerArn === undefined ? nobody : principalOfArn(CallerArn),
      identity: readPolicies('PolicyInputList', PolicyInputList),
      ...(PermissionsBoundaryPolicyInputList === undefined
        ? {}
        : { boundary: readPolicies('PermissionsBoundaryPolicyInputList', PermissionsBoundaryPolicyInputList) }),
    }
    return simulate(input, subject, tokens)
  }
}
