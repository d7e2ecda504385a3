import type { Context } from '@sluice/policy'
import type { CallContext } from '#kernel/call.ts'
import type { Principal, Tag } from '#kernel/principal.ts'

/** The global condition keys of a request; a service's own keys come with its checks. */
export function conditionContext(ctx: Omit<CallContext, 'gate'>, principalTags: readonly Tag[] = []): Context {
  const { principal } = ctx
  return {
    ...requestKeys(ctx),
    ...principalKeys(principal),
    ...sessionKeys(principal, ctx.now),
    ...Object.fromEntries(principalTags.map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value])),
    ...chainKeys(ctx),
  }
}

/** Only temporary credentials have these keys; MFA is known of users, and of roles only where the session has it. */
function sessionKeys(principal: Principal, now: number): Context {
  if (principal.kind === 'service' || principal.kind === 'anonymous' || principal.issuedAt === undefined) return {}
  const { mfaAt, sourceIdentity, provider, saml, subject } = principal.session ?? {}
  return {
    'aws:TokenIssueTime': new Date(principal.issuedAt).toISOString(),
    ...(principal.session === undefined ? {} : { 'aws:MultiFactorAuthPresent': String(mfaAt !== undefined) }),
    ...(mfaAt === undefined ? {} : { 'aws:MultiFactorAuthAge': String(Math.floor((now - mfaAt) / 1_000)) }),
    ...(sourceIdentity === undefined ? {} : { 'aws:SourceIdentity': sourceIdentity }),
    ...(provider === undefined ? {} : { 'aws:FederatedProvider': provider }),
    ...(saml === undefined
      ? {}
      : {
          'saml:namequalifier': saml.nameQualifier,
          'saml:sub_type': saml.subjectType,
          ...(subject === undefined ? {} : { 'saml:sub': subject }),
        }),
  }
}

/** Requests of the same millisecond share the text of their time, which would cost each more than the rest of its keys. */
let latest = { millis: Number.NaN, text: '' }
const timeText = (millis: number): string => {
  if (latest.millis !== millis) latest = { millis, text: new Date(millis).toISOString() }
  return latest.text
}

function requestKeys(ctx: Omit<CallContext, 'gate'>): Context {
  return {
    'aws:CurrentTime': timeText(ctx.now),
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
        'aws:PrincipalIsAWSService': 'false',
      }
    case 'federated-user':
      return {
        'aws:PrincipalArn': principal.arn,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalType': 'FederatedUser',
        'aws:userid': `${principal.account}:${principal.name}`,
        'aws:PrincipalIsAWSService': 'false',
      }
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' }
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

function chainKeys({ calledVia }: Pick<CallContext, 'calledVia'>): Context {
  const first = calledVia[0]
  const last = calledVia.at(-1)
  if (first === undefined || last === undefined) return { 'aws:ViaAWSService': 'false' }
  return {
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': calledVia,
    'aws:CalledViaFirst': first,
    'aws:CalledViaLast': last,
  }
}
