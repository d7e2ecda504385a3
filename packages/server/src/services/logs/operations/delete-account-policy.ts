import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

export const deleteAccountPolicy =
  ({ accountPolicies }: Pick<LogsParts, 'accountPolicies'>): LogsHandler<'DeleteAccountPolicy'> =>
  async ({ policyName, policyType }, ctx) => {
    if (policyType !== 'DATA_PROTECTION_POLICY' && policyType !== 'SUBSCRIPTION_FILTER_POLICY') {
      throw logsErrors.policyNotFound(policyName)
    }
    await accountPolicies.delete(ctx, policyType, policyName)
    return {}
  }
