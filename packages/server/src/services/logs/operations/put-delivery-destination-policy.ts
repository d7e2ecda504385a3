import { PolicySyntaxError, parsePolicy } from '@sluice/policy'
import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Says who of other accounts may deliver to a destination. Holds for the next request. */
export const putDeliveryDestinationPolicy =
  ({ deliveries }: Pick<LogsParts, 'deliveries'>): LogsHandler<'PutDeliveryDestinationPolicy'> =>
  async ({ deliveryDestinationName, deliveryDestinationPolicy: policy }, ctx) => {
    checkPolicy(policy)
    await deliveries.destinations.change(ctx, deliveryDestinationName, (existing) => {
      if (existing === undefined) throw deliveryErrors.destinationNotFound()
      return { ...existing, policy }
    })
    return { policy: { deliveryDestinationPolicy: policy } }
  }

function checkPolicy(document: string): void {
  try {
    parsePolicy(document, 'resource')
  } catch (error) {
    throw error instanceof PolicySyntaxError ? deliveryErrors.invalidPolicy() : error
  }
}
