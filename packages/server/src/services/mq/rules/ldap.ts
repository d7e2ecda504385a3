import type { LdapDirectory } from '#engines/broker-engine.ts'
import type { OperationInput } from '#kernel/call.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { LDAP_HOST, MAX_LDAP_HOSTS, MAX_LDAP_TEXT } from '#services/mq/limits.ts'
import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'

/** `ldapServerMetadata` as requests give it. */
export type LdapInput = NonNullable<OperationInput<'mq', 'CreateBroker'>['LdapServerMetadata']>

/**
 * The directory that goes with a strategy; `undefined` for SIMPLE. Bases and filters are the directory's language: as on AWS
 * they are taken as they come.
 * @param known the broker has a directory already, so that none needs to be given
 * @throws AwsError BadRequestException naming the member at fault; no message holds the password
 */
export function checkLdap(
  strategy: AuthenticationStrategy,
  input: LdapInput | undefined,
  { known }: { readonly known: boolean } = { known: false },
): LdapDirectory | undefined {
  if (strategy === 'simple' && input !== undefined) {
    throw mqErrors.badRequest(
      '[ldapServerMetadata] applies to authentication strategy [LDAP] only. Set [authenticationStrategy] to LDAP, or leave it out.',
      'ldapServerMetadata',
    )
  }
  if (input !== undefined) return directoryOf(input)
  if (strategy === 'simple' || known) return undefined
  throw mqErrors.badRequest('Specify [ldapServerMetadata] for authentication strategy [LDAP].', 'ldapServerMetadata')
}

const directoryOf = (input: LdapInput): LdapDirectory => ({
  hosts: checkHosts(input.Hosts),
  serviceAccountUsername: checkText('serviceAccountUsername', input.ServiceAccountUsername),
  serviceAccountPassword: checkPassword(input.ServiceAccountPassword),
  userBase: checkText('userBase', input.UserBase),
  userSearchMatching: checkText('userSearchMatching', input.UserSearchMatching),
  userSearchSubtree: input.UserSearchSubtree ?? false,
  ...optional('userRoleName', input.UserRoleName),
  roleBase: checkText('roleBase', input.RoleBase),
  roleSearchMatching: checkText('roleSearchMatching', input.RoleSearchMatching),
  roleSearchSubtree: input.RoleSearchSubtree ?? false,
  ...optional('roleName', input.RoleName),
})

/** @source Amazon MQ guide: fully qualified names without protocol and port, and a second one to fail over to */
function checkHosts(hosts: readonly string[]): readonly string[] {
  if (hosts.length === 0 || hosts.length > MAX_LDAP_HOSTS)
    throw invalid('hosts', `specify one host, and a second one for failover`)
  for (const host of hosts) {
    if (LDAP_HOST.test(host)) continue
    throw invalid(
      'hosts',
      `[${host.slice(0, 100)}] must be a fully qualified domain name without protocol and port; Amazon MQ connects to ldaps://<host>:636`,
    )
  }
  return hosts
}

/** Java and Spring replace what stands in these, and no file could hold a control character. */
const FORBIDDEN = /[$#]\{|\p{Cc}|[\u2028\u2029]/u

function checkText(member: string, value: string): string {
  if (value === '') throw invalid(member, 'it is empty')
  if (value.length > MAX_LDAP_TEXT) throw invalid(member, `it has more than ${String(MAX_LDAP_TEXT)} characters`)
  if (FORBIDDEN.test(value) || !value.isWellFormed())
    throw invalid(member, 'it holds control characters, or the characters ${ or #{')
  return value
}

/** LDAP has no password that is empty: a server takes that for nobody in particular. */
function checkPassword(password: string): string {
  if (password === '') throw invalid('serviceAccountPassword', 'it is empty')
  if (password.length > MAX_LDAP_TEXT)
    throw invalid('serviceAccountPassword', `it has more than ${String(MAX_LDAP_TEXT)} characters`)
  if (password.includes('\0') || !password.isWellFormed())
    throw invalid('serviceAccountPassword', 'it holds what is no character')
  return password
}

const optional = <M extends string>(member: M, value: string | undefined): { readonly [K in M]?: string } =>
  (value === undefined || value === '' ? {} : { [member]: checkText(member, value) }) as { readonly [K in M]?: string }

const invalid = (member: string, why: string): Error =>
  mqErrors.badRequest(`LDAP server metadata is invalid: [${member}]: ${why}.`, `ldapServerMetadata.${member}`)
