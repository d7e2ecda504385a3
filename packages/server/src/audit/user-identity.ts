import type { FederatedCaller, Principal, ServicePrincipal, Session } from '#kernel/principal.ts'

/** CloudTrail's `userIdentity` element; see the CloudTrail user guide, "userIdentity element". */
export type UserIdentity = Readonly<Record<string, unknown>>

/** Who made the call, as a record says it; `invokedBy` names the service through which it came. */
export function userIdentity(principal: Principal, invokedBy: ServicePrincipal | undefined): UserIdentity {
  const through = invokedBy === undefined ? {} : { invokedBy }
  switch (principal.kind) {
    case 'root':
      return {
        type: 'Root',
        principalId: principal.account,
        arn: principal.arn,
        accountId: principal.account,
        accessKeyId: principal.accessKeyId,
        ...temporary(principal),
        ...through,
      }
    case 'user':
      return {
        type: 'IAMUser',
        principalId: principal.userId,
        arn: principal.arn,
        accountId: principal.account,
        accessKeyId: principal.accessKeyId,
        userName: principal.userName,
        ...temporary(principal),
        ...through,
      }
    case 'federated-user':
      return {
        type: 'FederatedUser',
        principalId: `${principal.account}:${principal.name}`,
        arn: principal.arn,
        accountId: principal.account,
        accessKeyId: principal.accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: principal.issuer.kind === 'root' ? 'Root' : 'IAMUser',
            principalId: principal.issuer.id,
            arn: principal.issuer.arn,
            accountId: principal.account,
            ...(principal.issuer.kind === 'root' ? {} : { userName: principal.issuer.name }),
          },
          attributes: attributes(principal.issuedAt, principal.session),
        },
        ...through,
      }
    case 'role':
      return {
        type: 'AssumedRole',
        principalId: `${principal.roleId}:${principal.sessionName}`,
        arn: principal.arn,
        accountId: principal.account,
        ...(principal.accessKeyId === undefined ? {} : { accessKeyId: principal.accessKeyId }),
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: principal.roleId,
            arn: principal.roleArn,
            accountId: principal.account,
            userName: principal.roleName,
          },
          ...(principal.session?.provider === undefined
            ? {}
            : { webIdFederationData: { federatedProvider: principal.session.provider, attributes: {} } }),
          attributes: attributes(principal.issuedAt, principal.session),
          ...(principal.session?.sourceIdentity === undefined
            ? {}
            : { sourceIdentity: principal.session.sourceIdentity }),
        },
        ...through,
      }
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service }
    case 'anonymous':
      return NOBODY
    default:
      return principal satisfies never
  }
}

/** Whoever signed nothing, as S3 records it. @source recorded data events of S3; Amazon S3 user guide, "Identifying Amazon S3 requests using CloudTrail" */
const NOBODY: UserIdentity = { type: 'AWSAccount', principalId: '', accountId: 'anonymous' }

/** Somebody of another account, as the owner of what was touched is told. @source CloudTrail user guide, AWSAccount */
export function foreignIdentity(principal: Principal, invokedBy: ServicePrincipal | undefined): UserIdentity {
  const { principalId } = userIdentity(principal, undefined)
  return {
    type: 'AWSAccount',
    principalId,
    accountId: principal.account,
    ...(invokedBy === undefined ? {} : { invokedBy }),
  }
}

/** Whom an identity provider vouches for. @source CloudTrail user guide, "userIdentity element", SAMLUser and WebIdentityUser */
export const federatedIdentity = ({ kind, provider, id, name }: FederatedCaller): UserIdentity => ({
  type: kind,
  principalId: `${provider}:${id}`,
  userName: name,
  identityProvider: provider,
})

/** The name under which LookupEvents' `Username` finds the caller; empty for a service. */
export function userNameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return 'root'
    case 'user':
      return principal.userName
    case 'role':
      return principal.sessionName
    case 'federated-user':
      return principal.name
    case 'service':
    case 'anonymous':
      return ''
    default:
      return principal satisfies never
  }
}

const attributes = (issuedAt: number, session: Session | undefined): Readonly<Record<string, string>> => ({
  creationDate: isoSeconds(issuedAt),
  mfaAuthenticated: String(session?.mfaAt !== undefined),
})

/** Root and users have a session context only with temporary credentials. */
const temporary = ({ issuedAt, session }: { readonly issuedAt?: number; readonly session?: Session }): UserIdentity =>
  issuedAt === undefined ? {} : { sessionContext: { attributes: attributes(issuedAt, session) } }

let lastSecond = Number.NaN
let lastText = ''

/** CloudTrail writes whole seconds: `2026-11-21T09:30:00Z`. Calls come many a second, so the last one is remembered. */
export function isoSeconds(millis: number): string {
  const second = Math.floor(millis / 1_000)
  if (second !== lastSecond) {
    lastText = `${new Date(millis).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}
