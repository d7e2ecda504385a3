import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_DESTINATION_POLICY_BYTES } from '#services/logs/limits.ts'
import { checkPolicyDocument } from '#services/logs/policies/check-document.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Says who may put subscription filters that send to a destination. Holds for the next request. */
export const putDestinationPolicy =
  ({ destinations }: Pick<LogsParts, 'destinations'>): LogsHandler<'PutDestinationPolicy'> =>
  async ({ destinationName, accessPolicy }, ctx) => {
    checkPolicyDocument(accessPolicy, MAX_DESTINATION_POLICY_BYTES)
    await destinations.change(ctx, destinationName, (existing) => {
      if (existing === undefined) throw logsErrors.destinationNotFound()
      return { ...existing, accessPolicy }
    })
    return {}
  }
