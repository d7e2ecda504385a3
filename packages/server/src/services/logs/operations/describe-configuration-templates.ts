import type { LogsParts } from '#services/logs/deps.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import { templateOf } from '#services/logs/deliveries/vended-logs.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'vendedLogs' | 'tokens'>

/** The logs that can be delivered here, and how. */
export const describeConfigurationTemplates =
  ({ vendedLogs, tokens }: Deps): LogsHandler<'DescribeConfigurationTemplates'> =>
  (input, ctx) => {
    const { service, logTypes, resourceTypes, deliveryDestinationTypes: types, limit = DESCRIBE_PAGE } = input
    const wanted = vendedLogs.filter(
      (log) =>
        (service === undefined || log.service === service) &&
        (logTypes === undefined || logTypes.includes(log.logType)) &&
        (resourceTypes === undefined || resourceTypes.includes(log.resourceType)) &&
        (types === undefined || types.includes(log.deliveryDestinationType)),
    )
    const operation = 'DescribeConfigurationTemplates'
    const scope = { service, logTypes, resourceTypes, types, account: ctx.account, region: ctx.region }
    const from = Number(readToken(tokens, operation, scope, input.nextToken, deliveryErrors.invalidToken) ?? 0)
    const to = from + limit
    return {
      configurationTemplates: wanted.slice(from, to).map(templateOf),
      nextToken: to < wanted.length ? tokens.issue(operation, scope, String(to)) : undefined,
    }
  }
