import { type LogsPlace, destinationArn } from '#services/logs/arns.ts'
import { namedPage } from '#services/logs/catalog/named-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import type { Destination } from '#services/logs/subscriptions/destinations.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'destinations' | 'tokens'>

/** By ascending name. */
export const describeDestinations =
  ({ destinations: records, tokens }: Deps): LogsHandler<'DescribeDestinations'> =>
  async ({ DestinationNamePrefix: prefix, nextToken, limit }, ctx) => {
    const list = { records, tokens, operation: 'DescribeDestinations' }
    const page = await namedPage(list, { prefix, nextToken, limit }, ctx)
    return {
      destinations: page.found.map((destination) => describeDestination(ctx, destination)),
      nextToken: page.nextToken,
    }
  }

/** A destination as the API answers it. */
export const describeDestination = (place: LogsPlace, { name, tags: _tags, ...destination }: Destination) => ({
  destinationName: name,
  arn: destinationArn(place, name),
  ...destination,
})
