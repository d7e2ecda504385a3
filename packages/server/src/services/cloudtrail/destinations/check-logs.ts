import type { CallContext } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { CLOUDTRAIL, asLogsRole } from '#services/cloudtrail/destinations/acting-as.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

type Owner = Pick<Trail, 'account' | 'home' | 'arn'>
type LogsTarget = Pick<NonNullable<Trail['logs']>, 'groupArn' | 'roleArn'>

/** The name in a group's ARN, which ends with `:*`. `undefined`: no such ARN of this account and region. */
export const groupNameOf = (groupArn: string, { account, home }: Owner): string | undefined => {
  const opening = `arn:aws:logs:${home}:${account}:log-group:`
  if (!groupArn.startsWith(opening) || !groupArn.endsWith(':*')) return undefined
  const name = groupArn.slice(opening.length, -2)
  return /^[\w./#-]{1,512}$/.test(name) ? name : undefined
}

/** The stream of all events of a trail, whatever their region. */
export const streamOf = ({ account, home }: Owner): string => `${account}_CloudTrail_${home}`

/**
 * Asks whether the caller may pass the role, and makes the trail's stream through it, as every delivery will.
 * @throws AccessDenied when the caller may not pass the role
 * @throws AwsError InvalidCloudWatchLogsLogGroupArnException, InvalidCloudWatchLogsRoleArnException, CloudWatchLogsDeliveryUnavailableException
 */
export async function checkLogs(ctx: CallContext, trail: Owner, { groupArn, roleArn }: LogsTarget): Promise<void> {
  const group = groupNameOf(groupArn, trail)
  if (group === undefined) throw cloudtrailErrors.groupArn()
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn)) throw cloudtrailErrors.roleArn()
  const { trusted } = await ctx.gate.passRole({ roleArn, service: CLOUDTRAIL, resourceArn: trail.arn })
  if (!trusted) throw cloudtrailErrors.roleTrust()
  try {
    await ctx.call(asLogsRole(trail, roleArn), 'logs', 'CreateLogStream', {
      logGroupName: group,
      logStreamName: streamOf(trail),
    })
  } catch (error) {
    const fault = asLogsFault(error)
    if (fault !== undefined) throw fault
  }
}

function asLogsFault(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error
  switch (error.code) {
    case 'ResourceAlreadyExistsException':
      return undefined
    case 'ResourceNotFoundException':
      return cloudtrailErrors.groupArn()
    case 'AccessDenied':
    case 'AccessDeniedException':
      return cloudtrailErrors.rolePermissions()
    default:
      return cloudtrailErrors.logsUnavailable()
  }
}
