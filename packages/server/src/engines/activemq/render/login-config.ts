import { ENCRYPTION_ALGORITHM, encryptProperty } from '#engines/activemq/encryption.ts'
import type { LdapDirectory } from '#engines/broker-engine.ts'
import { ldapUrl } from '#engines/ldap/check-directory.ts'

/** Names the log-in of clients, for the broker and for Jetty. */
export const LOGIN = 'activemq'

/**
 * `login.config`. Without `reload`, user changes take effect at the next start, as on AWS. Beside a directory the broker
 * asks its own file first, which knows the platform's user alone: the platform gets in while no server answers.
 */
export async function loginConfig(ldap: LdapDirectory | undefined, encryptionPassword: string): Promise<string> {
  const modules =
    ldap === undefined
      ? [module('PropertiesLoginModule', 'required', FILES)]
      : [
          module('PropertiesLoginModule', 'sufficient', FILES),
          module('EncryptableLDAPLoginModule', 'required', await ldapOptions(ldap, encryptionPassword)),
        ]
  return `${LOGIN} {\n${modules.join('')}};\n`
}

type Options = Readonly<Record<string, string | boolean | undefined>>

const FILES: Options = {
  decrypt: true,
  algorithm: ENCRYPTION_ALGORITHM,
  'org.apache.activemq.jaas.properties.user': 'users.properties',
  'org.apache.activemq.jaas.properties.group': 'groups.properties',
}

async function ldapOptions(ldap: LdapDirectory, encryptionPassword: string): Promise<Options> {
  return {
    encryptionAlgorithm: ENCRYPTION_ALGORITHM,
    initialContextFactory: 'com.sun.jndi.ldap.LdapCtxFactory',
    connectionURL: ldapUrls(ldap),
    connectionProtocol: 'ssl',
    authentication: 'simple',
    connectionUsername: ldap.serviceAccountUsername,
    connectionPassword: await encryptProperty(ldap.serviceAccountPassword, encryptionPassword),
    userBase: ldap.userBase,
    userSearchMatching: ldap.userSearchMatching,
    userSearchSubtree: ldap.userSearchSubtree,
    userRoleName: ldap.userRoleName,
    roleBase: ldap.roleBase,
    roleName: ldap.roleName,
    roleSearchMatching: ldap.roleSearchMatching,
    roleSearchSubtree: ldap.roleSearchSubtree,
  }
}

/** Java asks one server after the other until one answers. */
export const ldapUrls = ({ hosts }: LdapDirectory): string => hosts.map((host) => ldapUrl(host)).join(' ')

function module(name: string, control: 'required' | 'sufficient', options: Options): string {
  const lines = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [`    ${key}=${quoted(String(value))}`],
  )
  return `  org.apache.activemq.jaas.${name} ${control}\n${lines.join('\n')};\n`
}

/** What stands between the quotes is read with escapes, and `${…}` is replaced. */
const UNWRITABLE = /\p{Cc}|\$\{/u

function quoted(value: string): string {
  if (UNWRITABLE.test(value))
    throw new Error(`${JSON.stringify(value)} cannot be used: Java would replace what stands in \${…}`)
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
