import { requireStandardClass } from '#services/logs/catalog/standard-class.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { SYSTEM_FIELDS, checkSystemFields, checkTransformation } from '#services/logs/metrics/check-filter.ts'
import { isStorable } from '#services/logs/names.ts'
import { parseFilterPattern } from '#services/logs/patterns/parse.ts'
import { checkRegexQuota } from '#services/logs/patterns/regex-quota.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** From now on stored events that match become samples of a metric. Replaces the filter of the same name. */
export const putMetricFilter =
  ({ metricFilters }: Pick<LogsParts, 'metricFilters'>): LogsHandler<'PutMetricFilter'> =>
  async (input, ctx) => {
    const { logGroupName, filterName, filterPattern, metricTransformations, ...rest } = input
    const { applyOnTransformedLogs = false, fieldSelectionCriteria, emitSystemFieldDimensions } = rest
    const [transformation] = metricTransformations
    if (transformation === undefined) throw logsErrors.missing('metricTransformations')
    if (!isStorable(filterName)) {
      throw logsErrors.constraint('filterName', 'Member must satisfy regular expression pattern: [^:*]*')
    }
    const pattern = parseFilterPattern(filterPattern, 'metric')
    checkTransformation(transformation, pattern)
    checkSystemFields(fieldSelectionCriteria, emitSystemFieldDimensions, SYSTEM_FIELDS)
    const filter = {
      creationTime: ctx.now,
      pattern: filterPattern,
      transformation,
      applyOnTransformedLogs,
      ...(fieldSelectionCriteria === undefined ? {} : { fieldSelectionCriteria }),
      ...(emitSystemFieldDimensions === undefined ? {} : { emitSystemFieldDimensions }),
    }
    await metricFilters.put(ctx, logGroupName, filterName, filter, (group, others) => {
      requireStandardClass(group)
      checkRegexQuota(
        pattern,
        others.map((other) => other.pattern),
      )
    })
    return {}
  }
