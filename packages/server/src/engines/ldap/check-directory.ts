import { messageOf } from '#kernel/errors.ts'
import type { LdapDirectory, LdapFault } from '#engines/broker-engine.ts'
import { LDAP_CODES, LdapConnection, type LdapResult } from '#engines/ldap/ldap-connection.ts'

/** @source Amazon MQ guide: `ldaps://` and the port are the service's, names of hosts come without */
const LDAPS_PORT = 636

export interface CheckOptions {
  /** Authorities that may have signed the servers' certificates, PEM; left out: public ones. */
  readonly ca?: string | undefined
  readonly port?: number
  readonly patienceMillis?: number
}

/** A server that takes longer than this to say yes is of no use to clients who log in. */
const PATIENCE_MILLIS = 10_000

/** Where a server of a directory is asked. */
export const ldapUrl = (host: string, port = LDAPS_PORT): string => `ldaps://${host}:${String(port)}`

/**
 * Asks each server of a directory what a log-in asks it: whether it takes the service account and knows both bases. One
 * that works is enough; one that takes names without a password is too many.
 */
export async function checkDirectory(
  directory: LdapDirectory,
  options: CheckOptions = {},
): Promise<LdapFault | undefined> {
  const faults = await Promise.all(directory.hosts.map((host) => faultOf(host, directory, options)))
  const unsafe = faults.find((fault) => fault?.kind === 'unsafe')
  if (unsafe !== undefined) return unsafe
  if (faults.includes(undefined)) return undefined
  return { kind: 'unusable', reason: faults.map((fault) => fault?.reason ?? '').join('; ') }
}

async function faultOf(
  host: string,
  directory: LdapDirectory,
  { ca, port = LDAPS_PORT, patienceMillis = PATIENCE_MILLIS }: CheckOptions,
): Promise<LdapFault | undefined> {
  const signal = AbortSignal.timeout(patienceMillis)
  const open = (): Promise<LdapConnection> => LdapConnection.open({ host, port, ca, signal })
  const url = ldapUrl(host, port)
  try {
    const reason = await withConnection(open, (connection) => troubleOf(connection, directory))
    if (reason !== undefined) return { kind: 'unusable', reason: `${url} ${reason}` }
    const nameless = await withConnection(open, (connection) => connection.bind(directory.serviceAccountUsername, ''))
    return nameless.code === LDAP_CODES.success ? { kind: 'unsafe', reason: `${url} ${UNAUTHENTICATED}` } : undefined
  } catch (error) {
    const why = signal.aborted ? `it did not answer within ${String(patienceMillis / 1_000)} s` : explained(error)
    return { kind: 'unusable', reason: `${url} cannot be asked: ${why}` }
  }
}

/** ActiveMQ's login module takes whoever the server takes, and hands on what a client sent: also no password at all. */
const UNAUTHENTICATED =
  'takes a name without a password, so that anybody could log in as anybody; switch unauthenticated binds off there (RFC 4513, section 5.1.2; Active Directory: fDenyUnauthenticatedBind)'

async function withConnection<T>(
  open: () => Promise<LdapConnection>,
  work: (connection: LdapConnection) => Promise<T>,
): Promise<T> {
  const connection = await open()
  try {
    return await work(connection)
  } finally {
    connection.close()
  }
}

async function troubleOf(connection: LdapConnection, directory: LdapDirectory): Promise<string | undefined> {
  const { serviceAccountUsername, serviceAccountPassword } = directory
  const bound = await connection.bind(serviceAccountUsername, serviceAccountPassword)
  if (bound.code !== LDAP_CODES.success) return `does not take the service account: ${said(bound)}`
  for (const [member, base, isSubtree] of [
    ['userBase', directory.userBase, directory.userSearchSubtree],
    ['roleBase', directory.roleBase, directory.roleSearchSubtree],
  ] as const) {
    const found = await connection.search(base, isSubtree ? 'subtree' : 'oneLevel')
    // Anything else, such as a limit that was reached, says that there is something to search.
    if (found.code === LDAP_CODES.noSuchObject || found.code === LDAP_CODES.invalidDnSyntax)
      return `does not know [${member}] ${base}: ${said(found)}`
  }
  return undefined
}

const said = ({ code, message }: LdapResult): string =>
  `LDAP result ${String(code)}${message === '' ? '' : ` (${message})`}`

/** Which certificates are trusted is the platform's to say, so that its setting is named. */
function explained(error: unknown): string {
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown }
  const isUntrusted = typeof code === 'string' && /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED/.test(code)
  const advice = isUntrusted ? '; the setting ldapCaFile names the authorities that are trusted' : ''
  // What OpenSSL says of itself has several lines, and its reason is in one of them.
  return `${typeof reason === 'string' ? reason : messageOf(error)}${advice}`
}
