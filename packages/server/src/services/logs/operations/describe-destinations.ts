import { type LogsPlace, destinationArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import type { Destination } from '#services/logs/subscriptions/destinations.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'destinations' | 'tokens'>

/** By ascending name. */
export const describeDestinations =
  ({ destinations, tokens }: Deps): LogsHandler<'DescribeDestinations'> =>
  async ({ DestinationNamePrefix: prefix = '', nextToken, limit = DESCRIBE_PAGE }, ctx) => {
    const scope = { prefix, account: ctx.account, region: ctx.region }
    const { found, next } = await collectPage({
      limit,
      after: readToken(tokens, 'DescribeDestinations', scope, nextToken),
      list: (after, count) =>
        destinations.list(ctx, { prefix, ...(after === undefined ? {} : { after }), limit: count }),
      position: ({ name }) => name,
    })
    return {
      destinations: found.map((destination) => describeDestination(ctx, destination)),
      nextToken: next === undefined ? undefined : tokens.issue('DescribeDestinations', scope, next),
    }
  }

/** A destination as the API answers it. */
export const describeDestination = (place: LogsPlace, { name, ...destination }: Destination) => ({
  destinationName: name,
  arn: destinationArn(place, name),
  ...destination,
})
