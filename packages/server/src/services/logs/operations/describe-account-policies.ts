import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isElsewhere } from '#services/logs/operations/describe-log-groups.ts'
import { describeAccountPolicy } from '#services/logs/operations/put-account-policy.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** There is at most one policy of a type, so there is no second page and no token for one. */
export const describeAccountPolicies =
  ({ accountPolicies }: Pick<LogsParts, 'accountPolicies'>): LogsHandler<'DescribeAccountPolicies'> =>
  async (input, ctx) => {
    const { policyType, policyName, nextToken } = input
    if (nextToken !== undefined) throw logsErrors.invalidToken()
    if (policyType !== 'DATA_PROTECTION_POLICY' && policyType !== 'SUBSCRIPTION_FILTER_POLICY') {
      return { accountPolicies: [] }
    }
    const policy = isElsewhere(input, ctx) ? undefined : await accountPolicies.ofType(ctx, policyType)
    const wanted = policy !== undefined && (policyName === undefined || policy.name === policyName)
    return { accountPolicies: wanted ? [describeAccountPolicy(ctx, policyType, policy)] : [] }
  }
