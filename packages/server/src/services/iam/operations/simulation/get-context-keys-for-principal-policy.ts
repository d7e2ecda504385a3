import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { keysOf } from '#services/iam/operations/simulation/get-context-keys-for-custom-policy.ts'
import { readPolicies } from '#services/iam/simulation.ts'
import { policiesOfSource, requireSource } from '#services/iam/source-policies.ts'

/** The condition keys that the policies of a user, group or role ask for, and those handed in. */
export function getContextKeysForPrincipalPolicy({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GetContextKeysForPrincipalPolicy'> {
  return async (input, { account }) => {
    const source = await requireSource(records, account, input.PolicySourceArn)
    const own = await policiesOfSource(records, account, source)
    return { ContextKeyNames: keysOf([...own, ...readPolicies('PolicyInputList', input.PolicyInputList)]) }
  }
}
