import type { CallContext } from '#kernel/call.ts'
import type { AccountPolicy, AccountPolicyType } from '#services/logs/accounts/account-policies.ts'
import { checkAccountPolicy } from '#services/logs/accounts/check-policy.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'accountPolicies' | 'targets' | 'groups' | 'policies'>

/** Holds for all log groups of the account and region, those to come among them. Replaces the one of the same name. */
export const putAccountPolicy =
  ({ accountPolicies, ...deps }: Deps): LogsHandler<'PutAccountPolicy'> =>
  async (input, ctx) => {
    const type = await checkAccountPolicy(input, deps, ctx)
    const policy = await accountPolicies.put(ctx, type, {
      name: input.policyName,
      document: input.policyDocument,
      lastUpdatedTime: ctx.now,
      ...(input.selectionCriteria === undefined ? {} : { selectionCriteria: input.selectionCriteria }),
    })
    return { accountPolicy: describeAccountPolicy(ctx, type, policy) }
  }

/** An account policy as the API answers it. */
export const describeAccountPolicy = (
  { account }: Pick<CallContext, 'account'>,
  policyType: AccountPolicyType,
  { name, document, lastUpdatedTime, selectionCriteria }: AccountPolicy,
) => ({
  policyName: name,
  policyDocument: document,
  lastUpdatedTime,
  policyType,
  scope: 'ALL' as const,
  selectionCriteria,
  accountId: account,
})
