import type { CallContext } from '#kernel/call.ts'
import { groupArn, parseDestinationArn } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { requireStandardClass } from '#services/logs/catalog/standard-class.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { checkSystemFields } from '#services/logs/metrics/check-filter.ts'
import { isStorable } from '#services/logs/names.ts'
import { parseFilterPattern } from '#services/logs/patterns/parse.ts'
import { checkRegexQuota } from '#services/logs/patterns/regex-quota.ts'
import { sendTest } from '#services/logs/subscriptions/send-test.ts'
import type { SubscriptionFilterRecord } from '#services/logs/subscriptions/subscription-filters.ts'
import { type TargetArn, parseTargetArn, undelivered } from '#services/logs/subscriptions/target.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'PutSubscriptionFilter'>
type Deps = Pick<LogsParts, 'subscriptionFilters' | 'metricFilters' | 'destinations' | 'targets'>

const SYSTEM_FIELDS = ['@aws.account', '@aws.region', '@source.log'] as const

/**
 * Events that are stored from now on and match go to a stream, a function or a destination. A test message is sent first;
 * when it does not arrive nothing is changed. Replaces the filter of the same name.
 */
export const putSubscriptionFilter =
  (deps: Deps): LogsHandler<'PutSubscriptionFilter'> =>
  async (input, ctx) => {
    const { logGroupName, filterName, filterPattern } = input
    if (!isStorable(filterName)) {
      throw logsErrors.constraint('filterName', 'Member must satisfy regular expression pattern: [^:*]*')
    }
    const pattern = parseFilterPattern(filterPattern)
    const target = parseTargetArn(input.destinationArn)
    checkRole(target, input, ctx)
    checkSystemFields(input.fieldSelectionCriteria, input.emitSystemFields, SYSTEM_FIELDS)
    await deps.subscriptionFilters.put(ctx, logGroupName, filterName, recordOf(input, ctx), async (group, others) => {
      requireStandardClass(group)
      const metricFilters = await deps.metricFilters.ofGroup(group)
      checkRegexQuota(
        pattern,
        [...others, ...metricFilters].map((other) => other.pattern),
      )
      await testTarget(deps, group, target, input, ctx)
    })
    return {}
  }

function checkRole({ vendor, account }: TargetArn, { roleArn }: Input, ctx: CallContext): void {
  if ((vendor === 'kinesis' || vendor === 'firehose') && roleArn === undefined) {
    throw logsErrors.invalidParameter(`destinationArn for vendor ${vendor} cannot be used without roleArn`)
  }
  if (vendor !== 'lambda') return
  if (account !== ctx.account) throw logsErrors.foreignLambda()
  if (roleArn !== undefined) {
    throw logsErrors.invalidParameter('destinationArn for vendor lambda cannot be used with roleArn')
  }
}

const recordOf = (input: Input, { now }: CallContext): SubscriptionFilterRecord => ({
  creationTime: now,
  pattern: input.filterPattern,
  destinationArn: input.destinationArn,
  distribution: input.distribution ?? 'ByLogStream',
  applyOnTransformedLogs: input.applyOnTransformedLogs ?? false,
  ...(input.roleArn === undefined ? {} : { roleArn: input.roleArn }),
  ...(input.fieldSelectionCriteria === undefined ? {} : { fieldSelectionCriteria: input.fieldSelectionCriteria }),
  ...(input.emitSystemFields === undefined ? {} : { emitSystemFields: input.emitSystemFields }),
})

/** A destination stands for its own target, and has its own role. */
async function testTarget(
  { destinations, targets }: Deps,
  group: LogGroup,
  { vendor }: TargetArn,
  input: Input,
  ctx: CallContext,
): Promise<void> {
  const own = parseDestinationArn(input.destinationArn)
  const destination = own && (await destinations.find(own, own.name))
  if (vendor === 'logs' && destination === undefined) throw undelivered(vendor)
  const roleArn = destination?.roleArn ?? input.roleArn
  const route = {
    destinationArn: destination?.targetArn ?? input.destinationArn,
    ...(roleArn === undefined ? {} : { roleArn }),
    sourceArn: groupArn(ctx, group.name),
    distribution: input.distribution ?? 'ByLogStream',
  }
  await sendTest(targets, vendor, route, ctx)
}
