import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { type Principal, principalName } from '#kernel/principal.ts'

/** Who signed the request; nothing is looked up. */
export const getCallerIdentity: Handler<
  OperationInput<'sts', 'GetCallerIdentity'>,
  OperationOutput<'sts', 'GetCallerIdentity'>
> = (_input, { principal }) => ({
  UserId: userId(principal),
  Account: principal.account,
  Arn: principalName(principal),
})

/** What policies call `aws:userid`. */
function userId(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return principal.account
    case 'user':
      return principal.userId
    case 'role':
      return `${principal.roleId}:${principal.sessionName}`
    case 'federated-user':
      return `${principal.account}:${principal.name}`
    case 'service':
      return principal.service
    case 'anonymous':
      return 'anonymous'
    default:
      return principal satisfies never
  }
}
