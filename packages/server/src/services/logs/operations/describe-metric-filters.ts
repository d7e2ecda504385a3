import type { CallContext } from '#kernel/call.ts'
import { bestPage } from '#services/logs/best-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import type { MetricFilter } from '#services/logs/metrics/metric-filter.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'DescribeMetricFilters'>
type Deps = Pick<LogsParts, 'groups' | 'metricFilters' | 'tokens'>

/** Of one group or of all, by ascending name. */
export const describeMetricFilters =
  (deps: Deps): LogsHandler<'DescribeMetricFilters'> =>
  async (input, ctx) => {
    const { nextToken, limit = DESCRIBE_PAGE, ...parameters } = input
    if ((input.metricName === undefined) !== (input.metricNamespace === undefined)) {
      throw logsErrors.invalidParameter('metricName and metricNamespace can be given only together.')
    }
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const after = readToken(deps.tokens, 'DescribeMetricFilters', scope, nextToken)
    const { found, next } = await bestPage({
      parts: await filtersOf(deps, input, ctx),
      limit,
      after,
      // A name has no NUL, so the order is by name and then by group.
      position: ({ name, groupName }) => `${name}\0${groupName}`,
      wanted: (filter) => isWanted(filter, input),
    })
    return {
      metricFilters: found.map(describe),
      nextToken: next === undefined ? undefined : deps.tokens.issue('DescribeMetricFilters', scope, next),
    }
  }

async function filtersOf(
  { groups, metricFilters }: Deps,
  { logGroupName }: Input,
  ctx: CallContext,
): Promise<AsyncIterable<readonly MetricFilter[]>> {
  if (logGroupName === undefined) return existing(metricFilters.ofPlace(ctx), groups, ctx)
  const ofGroup = await metricFilters.ofGroup(await groups.require(ctx, logGroupName))
  return (async function* one() {
    yield ofGroup
  })()
}

/** Filters of a group that was just deleted may still be there for a moment, also when there is a new one of its name. */
async function* existing(
  parts: AsyncIterable<readonly MetricFilter[]>,
  groups: Deps['groups'],
  ctx: CallContext,
): AsyncGenerator<readonly MetricFilter[]> {
  for await (const part of parts) {
    const found = await Promise.all(part.map(async ({ groupName }) => groups.find(ctx, groupName)))
    yield part.filter(({ group }, at) => found[at]?.number === group)
  }
}

const isWanted = (
  { name, transformation }: MetricFilter,
  { filterNamePrefix = '', metricName, metricNamespace }: Input,
): boolean =>
  name.startsWith(filterNamePrefix) &&
  (metricName === undefined || transformation.metricName === metricName) &&
  (metricNamespace === undefined || transformation.metricNamespace === metricNamespace)

const describe = (filter: MetricFilter) => ({
  filterName: filter.name,
  filterPattern: filter.pattern,
  metricTransformations: [filter.transformation],
  creationTime: filter.creationTime,
  logGroupName: filter.groupName,
  applyOnTransformedLogs: filter.applyOnTransformedLogs,
  fieldSelectionCriteria: filter.fieldSelectionCriteria,
  emitSystemFieldDimensions: filter.emitSystemFieldDimensions,
})
