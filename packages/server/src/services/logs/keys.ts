import type { CallContext } from '#kernel/call.ts'
import { groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'

/** What CloudWatch Logs asks KMS. */
export interface LogsKeys {
  /** Whether the key exists, is enabled, and lets CloudWatch Logs encrypt this group's events. */
  mayEncrypt(keyArn: string, groupArn: string, ctx: CallContext): Promise<boolean>
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/

/**
 * @throws AwsError InvalidParameterException for what is no key's ARN; AccessDeniedException for a key that cannot be used,
 * which is every key while there is no KMS
 */
export async function checkKey(
  { keys }: Pick<LogsParts, 'keys'>,
  keyArn: string,
  group: string,
  ctx: CallContext,
): Promise<void> {
  if (!KEY_ARN.test(keyArn)) {
    throw logsErrors.invalidParameter('The specified kmsKeyId is not valid: it must be the ARN of a KMS key.')
  }
  const arn = groupArn(ctx, group)
  if (keys === undefined || !(await keys.mayEncrypt(keyArn, arn, ctx))) throw logsErrors.keyNotAllowed(arn)
}

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
