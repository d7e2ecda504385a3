import type { CallContext } from '#kernel/call.ts'
import { parseGroupArn } from '#services/logs/arns.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_NAME_CHARS } from '#services/logs/limits.ts'

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]+$/
const STREAM_NAME = /^[^:*]+$/

/** @throws AwsError InvalidParameterException when no group may be called so */
export function checkGroupName(name: string): void {
  if (name.length > MAX_NAME_CHARS) throw logsErrors.nameTooLong()
  if (!GROUP_NAME.test(name)) {
    throw logsErrors.constraint('logGroupName', 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+')
  }
  if (name.startsWith('aws/')) throw logsErrors.reservedGroupName()
}

/** @throws AwsError InvalidParameterException when no stream may be called so */
export function checkStreamName(name: string): void {
  if (name.length > MAX_NAME_CHARS) throw logsErrors.nameTooLong()
  if (!STREAM_NAME.test(name) || !isStorable(name)) {
    throw logsErrors.constraint('logStreamName', 'Member must satisfy regular expression pattern: [^:*]*')
  }
}

/** A lone surrogate or a NUL has no faithful UTF-8 text; no record can be named so. */
export const isStorable = (name: string): boolean => name !== '' && name.isWellFormed() && !name.includes('\0')

/** How a request names a group: `logGroupName` or `logGroupIdentifier`. */
export interface GroupReference {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
}

/**
 * The name of the group that a request means.
 * @throws AwsError when both or neither are given, or when the ARN is of another account or region
 */
export function referredGroup(input: GroupReference, ctx: Pick<CallContext, 'account' | 'region'>): string {
  const { logGroupName, logGroupIdentifier } = input
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) throw logsErrors.nameAndIdentifier()
  if (logGroupName !== undefined) return logGroupName
  if (logGroupIdentifier === undefined) throw logsErrors.missing('logGroupName')
  return groupOfIdentifier(logGroupIdentifier, ctx)
}

/**
 * The name in a `logGroupIdentifier`: a name, or an ARN without `:*`.
 * @throws AwsError ResourceNotFoundException for a group elsewhere
 */
export function groupOfIdentifier(identifier: string, ctx: Pick<CallContext, 'account' | 'region'>): string {
  if (!identifier.startsWith('arn:')) return identifier
  const arn = parseGroupArn(identifier)
  if (arn === undefined || arn.account !== ctx.account || arn.region !== ctx.region) throw logsErrors.groupNotFound()
  return arn.name
}
