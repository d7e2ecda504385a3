import { logsErrors } from '#services/logs/errors.ts'
import { MAX_REGEX_FILTERS } from '#services/logs/limits.ts'
import type { FilterPattern } from '#services/logs/patterns/filter-pattern.ts'
import { parseFilterPattern, regexesIn } from '#services/logs/patterns/parse.ts'

/**
 * @param others patterns of the group's other filters, of every kind
 * @throws AwsError LimitExceededException when the group would have too many filters with a regular expression
 */
export function checkRegexQuota(pattern: FilterPattern, others: readonly string[]): void {
  if (regexesIn(pattern) === 0) return
  const withRegex = others.filter((text) => text.includes('%') && regexesIn(parseFilterPattern(text)) > 0)
  if (withRegex.length >= MAX_REGEX_FILTERS) throw logsErrors.limitExceeded()
}
