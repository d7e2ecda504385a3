import { namedPage } from '#services/logs/catalog/named-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { describeDeliveryDestination } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'deliveries' | 'tokens'>

/** By ascending name. */
export const describeDeliveryDestinations =
  ({ deliveries, tokens }: Deps): LogsHandler<'DescribeDeliveryDestinations'> =>
  async (input, ctx) => {
    const { invalidToken: invalid } = deliveryErrors
    const list = { records: deliveries.destinations, tokens, operation: 'DescribeDeliveryDestinations', invalid }
    const { found, nextToken } = await namedPage(list, input, ctx)
    return { deliveryDestinations: found.map((each) => describeDeliveryDestination(ctx, each)), nextToken }
  }
