import type { Principal, ServicePrincipal } from '#kernel/principal.ts'

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
          attributes: { creationDate: isoSeconds(principal.issuedAt), mfaAuthenticated: 'false' },
        },
        ...through,
      }
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service }
    default:
      return principal satisfies never
  }
}

/** The name under which LookupEvents' `Username` finds the caller; empty for a service. */
export function userNameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return 'root'
    case 'user':
      return principal.userName
    case 'role':
      return principal.sessionName
    case 'service':
      return ''
    default:
      return principal satisfies never
  }
}

/** CloudTrail writes whole seconds: `2026-11-21T09:30:00Z`. */
export const isoSeconds = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`
