import type { Principal } from '#kernel/principal.ts'

type Subject = { readonly kind: 'root' } | { readonly kind: 'user'; readonly userName: string; readonly userId: string }

/** The user or root user that signed with a key of its own; `undefined`: somebody else, or temporary credentials. */
export function longTermSubject(principal: Principal): Subject | undefined {
  if (principal.kind !== 'root' && principal.kind !== 'user') return undefined
  if (principal.issuedAt !== undefined) return undefined
  return principal.kind === 'root'
    ? { kind: 'root' }
    : { kind: 'user', userName: principal.userName, userId: principal.userId }
}
