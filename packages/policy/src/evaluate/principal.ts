import type { PrincipalIdentity } from '../request.ts'

/** The groups of a `Principal` map. */
export type PrincipalGroup = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'

/** `Principal` or, with `negated`, `NotPrincipal`. */
export interface PrincipalElement {
  readonly negated: boolean
  /** `*` or `{"AWS": "*"}` */
  readonly everyone: boolean
  /** Account ids, from short forms and root ARNs. */
  readonly accounts: ReadonlySet<string>
  /** ARNs of users, roles and sessions. */
  readonly arns: ReadonlySet<string>
  /** `AIDA…`, `AROA…` */
  readonly uniqueIds: ReadonlySet<string>
  /** In lower case. */
  readonly services: ReadonlySet<string>
  readonly providers: ReadonlySet<string>
  readonly canonicalUsers: ReadonlySet<string>
  /** As written, by group. */
  readonly written: readonly (readonly [PrincipalGroup | '*', string])[]
}

/**
 * By which name a principal was found. It decides what an Allow of a resource policy spares the caller: `account`
 * hands the decision to the account's own policies, every other one names the caller itself.
 */
export type PrincipalMatch =
  | 'everyone'
  | 'account'
  | 'root'
  | 'user'
  | 'role'
  | 'role-session'
  | 'federated-user'
  | 'user-of-federated-session'
  | 'service'
  | 'provider'
  | 'not-excluded'

/** The most telling name under which the element includes the principal. `undefined`: it does not. */
export function principalMatch(element: PrincipalElement, principal: PrincipalIdentity): PrincipalMatch | undefined {
  if (!element.negated) return namedAs(element, principal)
  return namedAs(element, principal) === undefined ? 'not-excluded' : undefined
}

function namedAs(element: PrincipalElement, principal: PrincipalIdentity): PrincipalMatch | undefined {
  return element.everyone ? 'everyone' : (namedItself(element, principal) ?? namedByAccount(element, principal))
}

function namedItself(element: PrincipalElement, principal: PrincipalIdentity): PrincipalMatch | undefined {
  switch (principal.kind) {
    case 'user':
      return element.arns.has(principal.arn) || hasId(element, principal.uniqueId) ? 'user' : undefined
    case 'role-session':
      if (element.arns.has(principal.arn)) return 'role-session'
      return element.arns.has(principal.roleArn) || hasId(element, principal.uniqueId) ? 'role' : undefined
    case 'federated-user':
      if (element.arns.has(principal.arn)) return 'federated-user'
      return element.arns.has(principal.userArn) ? 'user-of-federated-session' : undefined
    case 'service':
      return [principal.service, ...(principal.otherNames ?? [])].some((name) =>
        element.services.has(name.toLowerCase()),
      )
        ? 'service'
        : undefined
    case 'federated':
      return element.providers.has(principal.provider) ? 'provider' : undefined
    case 'root':
    case 'anonymous':
      return undefined
    default:
      return principal satisfies never
  }
}

function namedByAccount(element: PrincipalElement, principal: PrincipalIdentity): PrincipalMatch | undefined {
  switch (principal.kind) {
    case 'root':
      return hasAccount(element, principal.account, principal.canonicalUserId) ? 'root' : undefined
    case 'user':
    case 'role-session':
      return hasAccount(element, principal.account, principal.canonicalUserId) ? 'account' : undefined
    case 'federated-user':
      return hasAccount(element, principal.account, undefined) ? 'account' : undefined
    case 'service':
    case 'federated':
    case 'anonymous':
      return undefined
    default:
      return principal satisfies never
  }
}

const hasId = (element: PrincipalElement, id: string | undefined): boolean =>
  id !== undefined && element.uniqueIds.has(id)

const hasAccount = (element: PrincipalElement, account: string, canonicalUserId: string | undefined): boolean =>
  element.accounts.has(account) || (canonicalUserId !== undefined && element.canonicalUsers.has(canonicalUserId))
