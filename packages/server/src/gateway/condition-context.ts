import type { Context } from '@sluice/policy'
import type { CallContext } from '#kernel/call.ts'
import type { Principal } from '#kernel/principal.ts'

/** The global condition keys of a request; a service's own keys come with its checks. */
export function conditionContext(ctx: CallContext): Context {
  return { ...requestKeys(ctx), ...principalKeys(ctx.principal), ...chainKeys(ctx) }
}

function requestKeys(ctx: CallContext): Context {
  return {
    'aws:CurrentTime': new Date(ctx.now).toISOString(),
    'aws:EpochTime': String(Math.floor(ctx.now / 1_000)),
    'aws:RequestedRegion': ctx.region,
    'aws:SecureTransport': String(ctx.source.tls !== undefined),
    'aws:SourceIp': ctx.source.ip,
    'aws:UserAgent': ctx.source.userAgent,
    'aws:ResourceAccount': ctx.account,
  }
}

function principalKeys(principal: Principal): Context {
  switch (principal.kind) {
    case 'root':
      return {
        'aws:PrincipalArn': principal.arn,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalType': 'Account',
        'aws:userid': principal.account,
        'aws:PrincipalIsAWSService': 'false',
      }
    case 'user':
      return {
        'aws:PrincipalArn': principal.arn,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalType': 'User',
        'aws:userid': principal.userId,
        'aws:username': principal.userName,
        'aws:PrincipalIsAWSService': 'false',
      }
    case 'role':
      return {
        'aws:PrincipalArn': principal.roleArn,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalType': 'AssumedRole',
        'aws:userid': `${principal.roleId}:${principal.sessionName}`,
        'aws:TokenIssueTime': new Date(principal.issuedAt).toISOString(),
        'aws:PrincipalIsAWSService': 'false',
      }
    case 'service':
      return {
        'aws:PrincipalServiceName': principal.service,
        'aws:PrincipalServiceNamesList': [principal.service],
        'aws:PrincipalIsAWSService': 'true',
        'aws:SourceArn': principal.sourceArn,
        'aws:SourceAccount': principal.sourceAccount,
      }
    default:
      return principal satisfies never
  }
}

function chainKeys(ctx: CallContext): Context {
  const first = ctx.calledVia[0]
  const last = ctx.calledVia.at(-1)
  if (first === undefined || last === undefined) return { 'aws:ViaAWSService': 'false' }
  return {
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': ctx.calledVia,
    'aws:CalledViaFirst': first,
    'aws:CalledViaLast': last,
  }
}
