import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'

/**
 * Groups of other classes than STANDARD are not read by GetLogEvents and FilterLogEvents, and have no filters.
 * @throws AwsError InvalidParameterException; the wording is Sluice's, AWS's is not known
 */
export function requireStandardClass({ logGroupClass }: LogGroup): void {
  if (logGroupClass === 'STANDARD') return
  throw logsErrors.invalidParameter(`This operation is not supported for log groups of class ${logGroupClass}.`)
}
