import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { fullPolicy } from '#services/iam/policy-views.ts'

/** A managed policy, the account's own or AWS's. */
export function getPolicy({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetPolicy'> {
  return async (input, { account }) => ({
    Policy: await fullPolicy(records, account, await requireManagedPolicy(records, account, input.PolicyArn)),
  })
}
