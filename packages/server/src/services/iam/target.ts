import type { Principal } from '#kernel/principal.ts'
import { checkName } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'

/** Whom a call without a `UserName` is about. */
export type Target = { readonly kind: 'user'; readonly userName: string } | { readonly kind: 'root' }

/**
 * The user named, or else the caller.
 * @throws AwsError ValidationError for a name that cannot be one, or when the caller is neither a user nor root
 */
export function targetOf(userName: string | undefined, principal: Principal): Target {
  if (userName !== undefined) {
    checkName('userName', userName)
    return { kind: 'user', userName }
  }
  if (principal.kind === 'user') return { kind: 'user', userName: principal.userName }
  if (principal.kind === 'root') return { kind: 'root' }
  throw iamErrors.userNameNeeded()
}
