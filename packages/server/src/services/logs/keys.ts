import type { CallContext } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import { groupArn } from '#services/logs/arns.ts'
import { logsErrors } from '#services/logs/errors.ts'

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/
/** What KMS says of a key that is there and cannot be used now. */
const UNUSABLE: ReadonlySet<string> = new Set(['DisabledException', 'KMSInvalidStateException'])

/**
 * Whether the key may encrypt a group's events is found out by letting it make a data key for them, as CloudWatch Logs and
 * under the group's encryption context; so the key policy decides.
 * @throws AwsError InvalidParameterException for what is no key's ARN or is disabled; AccessDeniedException for a key that is
 * not there or does not let CloudWatch Logs use it
 */
export async function checkKey(keyArn: string, group: string, ctx: CallContext): Promise<void> {
  if (!KEY_ARN.test(keyArn)) {
    throw logsErrors.invalidParameter('The specified kmsKeyId is not valid: it must be the ARN of a KMS key.')
  }
  const arn = groupArn(ctx, group)
  // Key policies name the service of their region; some name it without one.
  for (const service of [`logs.${ctx.region}.amazonaws.com`, 'logs.amazonaws.com'] as const) {
    if (await makesDataKey(keyArn, arn, service, ctx)) return
  }
  throw logsErrors.keyNotAllowed(arn)
}

async function makesDataKey(
  keyArn: string,
  arn: string,
  service: ServicePrincipal,
  ctx: CallContext,
): Promise<boolean> {
  const as = { kind: 'service', service, sourceArn: arn, sourceAccount: ctx.account, region: ctx.region } as const
  const input = { KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: { 'aws:logs:arn': arn } } as const
  try {
    await ctx.call(as, 'kms', 'GenerateDataKeyWithoutPlaintext', input)
    return true
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (UNUSABLE.has(error.code)) throw logsErrors.invalidParameter(error.message)
    return false
  }
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
