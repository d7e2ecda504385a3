import type { PrincipalIdentity } from '@sluice/policy'
import type { Principal } from '#kernel/principal.ts'

/** A principal as policies see it. */
export function principalIdentity(principal: Principal): PrincipalIdentity {
  switch (principal.kind) {
    case 'root':
      return { kind: 'root', account: principal.account, arn: principal.arn }
    case 'user':
      return { kind: 'user', account: principal.account, arn: principal.arn, uniqueId: principal.userId }
    case 'federated-user':
      return {
        kind: 'federated-user',
        account: principal.account,
        arn: principal.arn,
        userArn: principal.issuer.arn,
      }
    case 'role':
      return {
        kind: 'role-session',
        account: principal.account,
        arn: principal.arn,
        roleArn: principal.roleArn,
        uniqueId: principal.roleId,
        serviceLinked: principal.roleArn.includes(':role/aws-service-role/'),
      }
    case 'service':
      return { kind: 'service', account: principal.account, service: principal.service }
    case 'anonymous':
      return { kind: 'anonymous', account: principal.account }
    default:
      return principal satisfies never
  }
}
