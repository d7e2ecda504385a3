import { dimensionList } from '#services/cloudwatch/data/dimensions.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { LIST_PAGE, LISTED_MILLIS, RECENTLY_ACTIVE_MILLIS } from '#services/cloudwatch/limits.ts'
import { readToken } from '#services/cloudwatch/paging.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'
import type { MetricIdentity } from '#stores/journals/metric-journal.ts'

/** Longest position that a page token carries. */
const MAX_POSITION_CHARS = 4_000

/** Metrics with a point in the last two weeks, by namespace, name and dimensions. */
export const listMetrics =
  ({ journal, tokens }: CloudwatchDeps): CloudwatchHandler<'ListMetrics'> =>
  async (input, ctx) => {
    const { NextToken, ...parameters } = input
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const after =
      NextToken === undefined
        ? undefined
        : (JSON.parse(readToken(tokens, 'ListMetrics', scope, NextToken)) as MetricIdentity)
    const { Namespace: namespace, MetricName: metricName, OwningAccount: owner = ctx.account } = parameters
    // No account shares its metrics with another one here.
    if (owner !== ctx.account) return { Metrics: [], ...owners([], parameters, owner) }
    const found = await journal.list({
      account: ctx.account,
      region: ctx.region,
      since: ctx.now - (parameters.RecentlyActive === 'PT3H' ? RECENTLY_ACTIVE_MILLIS : LISTED_MILLIS),
      ...(namespace === undefined ? {} : { namespace }),
      ...(metricName === undefined ? {} : { metricName }),
      dimensions: (parameters.Dimensions ?? []).map(({ Name: name, Value: value }) => ({ name, value })),
      ...(after === undefined ? {} : { after }),
      limit: LIST_PAGE + 1,
      signal: ctx.signal,
    })
    const page = found.length > LIST_PAGE ? pageOf(found) : found
    const last = page.at(-1)
    return {
      Metrics: page.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: dimensionList(metric.dimensions),
      })),
      ...owners(page, parameters, owner),
      ...(page.length < found.length && last !== undefined
        ? { NextToken: tokens.issue('ListMetrics', scope, positionOf(last)) }
        : {}),
    }
  }

/** A page ends with a metric that fits into a token. */
function pageOf(found: readonly MetricIdentity[]): readonly MetricIdentity[] {
  const last = found.slice(0, LIST_PAGE).findLastIndex((metric) => positionOf(metric).length <= MAX_POSITION_CHARS)
  if (last === -1) throw cloudwatchErrors.notBuilt('Paging through metrics with very long dimensions')
  return found.slice(0, last + 1)
}

/** Of the last metric of a page. */
const positionOf = ({ namespace, metricName, dimensions }: MetricIdentity): string =>
  JSON.stringify({ namespace, metricName, dimensions })

const owners = (
  page: readonly unknown[],
  { IncludeLinkedAccounts }: { readonly IncludeLinkedAccounts?: boolean | undefined },
  owner: string,
): { readonly OwningAccounts?: readonly string[] } =>
  IncludeLinkedAccounts === true ? { OwningAccounts: page.map(() => owner) } : {}
