import { namedPage } from '#services/logs/catalog/named-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { describeDelivery } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** By ascending id. */
export const describeDeliveries =
  ({ deliveries, tokens }: Pick<LogsParts, 'deliveries' | 'tokens'>): LogsHandler<'DescribeDeliveries'> =>
  async (input, ctx) => {
    const { invalidToken: invalid } = deliveryErrors
    const list = { records: deliveries.joined, tokens, operation: 'DescribeDeliveries', invalid }
    const { found, nextToken } = await namedPage(list, input, ctx)
    return { deliveries: found.map((delivery) => describeDelivery(ctx, delivery)), nextToken }
  }
