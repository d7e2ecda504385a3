import type { CallAs } from '#kernel/call.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

export const CLOUDTRAIL: ServicePrincipal = 'cloudtrail.amazonaws.com'

type Owner = Pick<Trail, 'account' | 'home' | 'arn'>

/** CloudTrail itself, for one trail: the gate judges it like a stranger. */
export const asTrail = ({ account, home, arn }: Owner): Extract<CallAs, { kind: 'service' }> => ({
  kind: 'service',
  service: CLOUDTRAIL,
  sourceArn: arn,
  sourceAccount: account,
  region: home,
})

/** The role that the trail was given for CloudWatch Logs. */
export const asLogsRole = ({ account, home, arn }: Owner, roleArn: string): Extract<CallAs, { kind: 'role' }> => ({
  kind: 'role',
  roleArn,
  sessionName: 'CLOUDWATCH_LOGS_DELIVERY_SESSION',
  service: CLOUDTRAIL,
  sourceArn: arn,
  sourceAccount: account,
  region: home,
})
