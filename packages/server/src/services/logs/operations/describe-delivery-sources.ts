import { namedPage } from '#services/logs/catalog/named-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { describeSource } from '#services/logs/deliveries/describe.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** By ascending name. */
export const describeDeliverySources =
  ({ deliveries, tokens }: Pick<LogsParts, 'deliveries' | 'tokens'>): LogsHandler<'DescribeDeliverySources'> =>
  async (input, ctx) => {
    const { invalidToken: invalid } = deliveryErrors
    const list = { records: deliveries.sources, tokens, operation: 'DescribeDeliverySources', invalid }
    const { found, nextToken } = await namedPage(list, input, ctx)
    return { deliverySources: found.map((source) => describeSource(ctx, source)), nextToken }
  }
