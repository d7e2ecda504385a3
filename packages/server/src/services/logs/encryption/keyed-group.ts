import { logsErrors } from '#services/logs/errors.ts'

/** The group that a request means by its name or its ARN. @throws AwsError when both, neither or something else is given */
export function keyedGroup(
  {
    logGroupName,
    resourceIdentifier,
  }: { readonly logGroupName?: string | undefined; readonly resourceIdentifier?: string | undefined },
  resolve: (arn: string) => string,
): string {
  if ((logGroupName === undefined) === (resourceIdentifier === undefined)) {
    throw logsErrors.invalidParameter('Exactly one of logGroupName and resourceIdentifier must be given.')
  }
  if (logGroupName !== undefined) return logGroupName
  const arn = resourceIdentifier ?? ''
  if (arn.includes(':query-result:')) {
    throw logsErrors.invalidParameter('Results of queries cannot be encrypted in this version of Sluice.')
  }
  return resolve(arn.endsWith(':*') ? arn.slice(0, -2) : arn)
}
