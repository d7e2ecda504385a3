import type { CallContext } from '#kernel/call.ts'
import { AccessDenied, AwsError, messageOf } from '#kernel/errors.ts'
import type { Principal, ServicePrincipal } from '#kernel/principal.ts'
import { principalName } from '#kernel/principal.ts'
import {
  type BrokerRecord,
  LOG_KINDS,
  type LogGroupAttempt,
  type LogGroupCaller,
  type LogKind,
  type LogSwitches,
  logGroupName,
} from '#services/mq/broker-record.ts'

/** How Amazon MQ is named in policies and in `aws:CalledVia`. */
export const MQ_PRINCIPAL: ServicePrincipal = 'mq.amazonaws.com'

/** What was tried for each log that is to be delivered. */
export type LogGroupAttempts = Readonly<Partial<Record<LogKind, LogGroupAttempt>>>

/**
 * Creates the groups of the logs that are on, as the caller of CreateBroker or RebootBroker: it is the caller who needs
 * `logs:CreateLogGroup`. A refusal is remembered and never fails the operation; the broker runs without its logs then.
 */
export async function createLogGroups(
  ctx: CallContext,
  brokerId: string,
  logs: LogSwitches,
  during: LogGroupAttempt['during'],
): Promise<LogGroupAttempts> {
  const attempts: Partial<Record<LogKind, LogGroupAttempt>> = {}
  for (const log of LOG_KINDS) {
    if (logs[log]) attempts[log] = await attempt(ctx, logGroupName(brokerId, log), during)
  }
  return attempts
}

async function attempt(ctx: CallContext, group: string, during: LogGroupAttempt['during']): Promise<LogGroupAttempt> {
  const common = { at: ctx.now, during, by: callerOf(ctx.principal) }
  try {
    await ctx.call({ kind: 'caller', ctx, via: MQ_PRINCIPAL }, 'logs', 'CreateLogGroup', { logGroupName: group })
    return { ...common, outcome: 'created' }
  } catch (error) {
    if (error instanceof AccessDenied)
      return { ...common, outcome: 'denied', reason: error.message, decision: error.decision }
    if (!(error instanceof AwsError)) return { ...common, outcome: 'failed', reason: messageOf(error) }
    if (error.code === 'ResourceAlreadyExistsException') return { ...common, outcome: 'existed' }
    return { ...common, outcome: 'failed', reason: `${error.code}: ${error.message}` }
  }
}

/**
 * The record's knowledge of its groups after further attempts. A group that was there stays known when the next caller
 * may not create groups: the refusal says nothing about the group.
 */
export function withAttempts(known: BrokerRecord['logGroups'], attempts: LogGroupAttempts): BrokerRecord['logGroups'] {
  const groups = { ...known }
  for (const log of LOG_KINDS) {
    const lastAttempt = attempts[log]
    if (lastAttempt === undefined) continue
    const found = lastAttempt.outcome === 'created' || lastAttempt.outcome === 'existed'
    groups[log] = { present: found || (known[log]?.present ?? false), lastAttempt }
  }
  return groups
}

function callerOf(principal: Principal): LogGroupCaller {
  const caller = { kind: principal.kind, arn: principalName(principal) }
  if (principal.kind === 'user') return { ...caller, name: principal.userName }
  if (principal.kind === 'role') return { ...caller, name: principal.roleName }
  return caller
}
