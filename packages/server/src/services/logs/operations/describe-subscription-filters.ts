import type { LogsParts } from '#services/logs/deps.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'subscriptionFilters' | 'tokens'>

/** By ascending name. */
export const describeSubscriptionFilters =
  ({ groups, subscriptionFilters, tokens }: Deps): LogsHandler<'DescribeSubscriptionFilters'> =>
  async ({ logGroupName, filterNamePrefix = '', nextToken, limit = DESCRIBE_PAGE }, ctx) => {
    const scope = { logGroupName, filterNamePrefix, account: ctx.account, region: ctx.region }
    const after = readToken(tokens, 'DescribeSubscriptionFilters', scope, nextToken)
    const filters = await subscriptionFilters.ofGroup(await groups.require(ctx, logGroupName))
    const wanted = filters.filter(
      ({ name }) => name.startsWith(filterNamePrefix) && (after === undefined || name > after),
    )
    const page = wanted.slice(0, limit)
    const last = page.at(-1)
    return {
      subscriptionFilters: page.map(({ name, pattern, ...filter }) => ({
        filterName: name,
        logGroupName,
        filterPattern: pattern,
        ...filter,
      })),
      nextToken:
        wanted.length > limit && last !== undefined
          ? tokens.issue('DescribeSubscriptionFilters', scope, last.name)
          : undefined,
    }
  }
