import { type RenderedElement, element } from '#engines/activemq/render/element.ts'
import { ldapUrls } from '#engines/activemq/render/login-config.ts'
import type { ConfigurationElement, LdapDirectory } from '#engines/broker-engine.ts'

/** The variable of the service account's password. */
const PASSWORD = 'SLUICE_LDAP_PASSWORD'

/** The element that takes permissions from a directory. */
const PERMISSIONS = 'cachedLDAPAuthorizationMap'

/**
 * A plugin of the owner's; where it takes permissions from a directory, it is told of which. Whom to ask, and as whom, is
 * Amazon MQ's to say, so no configuration holds it.
 * @throws Error when there is no directory to take them from
 */
export function withDirectory(plugin: ConfigurationElement, ldap: LdapDirectory | undefined): RenderedElement {
  const children = plugin.children.map((child) => withDirectory(child, ldap))
  if (plugin.name !== PERMISSIONS) return { ...plugin, children }
  if (ldap === undefined)
    throw new Error(`<${PERMISSIONS}> takes permissions from an LDAP server, but the broker has none`)
  const { attributes } = element(PERMISSIONS, {
    connectionURL: ldapUrls(ldap),
    connectionProtocol: 'ssl',
    authentication: 'simple',
    connectionUsername: ldap.serviceAccountUsername,
    connectionPassword: { variable: PASSWORD },
  })
  return { ...plugin, attributes: [...plugin.attributes, ...attributes], children }
}

/** The variables that {@link withDirectory} refers to. */
export const ldapPasswords = (ldap: LdapDirectory | undefined): Readonly<Record<string, string>> =>
  ldap === undefined ? {} : { [PASSWORD]: ldap.serviceAccountPassword }
