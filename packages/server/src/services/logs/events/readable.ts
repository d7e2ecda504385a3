import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'

/**
 * GetLogEvents and FilterLogEvents do not read groups of the class INFREQUENT_ACCESS.
 * @throws AwsError InvalidParameterException; the wording is Sluice's, AWS's is not known
 */
export function refuseUnreadableClass({ logGroupClass }: LogGroup): void {
  if (logGroupClass === 'STANDARD') return
  throw logsErrors.invalidParameter(`This operation is not supported for log groups of class ${logGroupClass}.`)
}
