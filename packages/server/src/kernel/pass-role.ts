import type { RolePass } from '#kernel/gatekeeper.ts'
import { isAccountId } from '#kernel/ids.ts'
import type { AccessCheck } from '#kernel/service.ts'

/** The action of handing a role to a service; no operation has it, but many need it. */
export const PASS_ROLE = 'iam:PassRole'

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\//

/**
 * What handing a role to a service needs. A role of another account cannot be passed, since nothing there could allow
 * it. Tags of the role are added by the gate.
 */
export function passRoleCheck({ roleArn, service, resourceArn }: RolePass): AccessCheck {
  const account = ROLE_ARN.exec(roleArn)?.[1] ?? ''
  return {
    action: PASS_ROLE,
    resource: roleArn,
    ...(isAccountId(account) ? { resourceAccount: account } : {}),
    context: {
      'iam:PassedToService': service,
      ...(resourceArn === undefined ? {} : { 'iam:AssociatedResourceArn': resourceArn }),
    },
  }
}
