import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RELATIVE, relativeStore, sharesStore } from '#engines/activemq/layout.ts'
import type { InstanceLayout } from '#engines/activemq/layout.ts'
import { connectorsAt, consolePortAt } from '#engines/activemq/ports.ts'
import { activemqXml } from '#engines/activemq/render/activemq-xml.ts'
import { jettyXml } from '#engines/activemq/render/jetty-xml.ts'
import { log4jProperties } from '#engines/activemq/render/log4j2.ts'
import { loginConfig } from '#engines/activemq/render/login-config.ts'
import {
  CREDENTIALS_PROPERTIES,
  JOLOKIA_ACCESS,
  JNDI_PROPERTIES,
  LOGGING_PROPERTIES,
} from '#engines/activemq/render/static-files.ts'
import { groupsProperties, jettyRealm, ldapGroupsProperties, usersProperties } from '#engines/activemq/render/users.ts'
import type { StorageLimits } from '#engines/activemq/storage-limits.ts'
import type { RunSecrets } from '#engines/activemq/run-secrets.ts'
import type { BrokerSpec, LdapDirectory } from '#engines/broker-engine.ts'
import type { Address } from '#supervisor/addresses.ts'

export interface RenderInput {
  readonly spec: BrokerSpec
  readonly layout: InstanceLayout
  /** Folder of the distribution. */
  readonly home: string
  readonly address: Address
  readonly maximumConnections: number
  readonly storage: StorageLimits
  readonly secrets: RunSecrets
}

/** The configuration files of one instance by name, without its key store. */
export async function configurationFiles(input: RenderInput): Promise<Readonly<Record<string, string>>> {
  const { home, address, maximumConnections, storage, secrets } = input
  const { users, ldap, brokerName, logs, configuration } = input.spec
  const isStoreShared = sharesStore(input.spec)
  const { conf, keyStore, trustStore } = RELATIVE
  return {
    'activemq.xml': activemqXml({
      brokerName,
      dataDirectory: RELATIVE.data,
      storeDirectory: relativeStore(isStoreShared),
      isStoreShared,
      storage,
      keyStore,
      trustStore,
      connectors: connectorsAt(address),
      maximumConnections,
      users,
      ldap,
      configuration,
      isSecurityLogged: logs.security,
    }),
    'jetty.xml': jettyXml({
      home,
      host: address.host,
      port: consolePortAt(address),
      keyStore,
      realm:
        ldap === undefined
          ? { kind: 'file', file: `${conf}/jetty-realm.properties` }
          : { kind: 'jaas', platformRole: secrets.platformUser.username },
    }),
    'log4j2.properties': log4jProperties({ logDirectory: RELATIVE.log, audit: logs.audit, security: logs.security }),
    ...(await (ldap === undefined ? ownUsers(input) : directoryUsers(ldap, input))),
    'credentials.properties': CREDENTIALS_PROPERTIES,
    'jolokia-access.xml': JOLOKIA_ACCESS,
    'logging.properties': LOGGING_PROPERTIES,
  }
}

type Files = Readonly<Record<string, string>>

async function ownUsers({ spec: { users }, secrets }: RenderInput): Promise<Files> {
  return {
    'users.properties': await usersProperties(users, secrets.platformUser, secrets.encryptionPassword),
    'groups.properties': groupsProperties(users, secrets.platformUser),
    'jetty-realm.properties': jettyRealm(users, secrets.platformUser),
    'login.config': await loginConfig(undefined, secrets.encryptionPassword),
  }
}

/** The platform's own user is the only one whom the broker knows itself. */
async function directoryUsers(ldap: LdapDirectory, { secrets }: RenderInput): Promise<Files> {
  return {
    'users.properties': await usersProperties([], secrets.platformUser, secrets.encryptionPassword),
    'groups.properties': ldapGroupsProperties(secrets.platformUser),
    'login.config': await loginConfig(ldap, secrets.encryptionPassword),
    'jndi.properties': JNDI_PROPERTIES,
  }
}

/** Makes the folders of an instance, the owner's alone. Messages and logs stay; temporary files go. */
export async function prepareDirectories(layout: InstanceLayout): Promise<void> {
  await rm(layout.tmp, { recursive: true, force: true })
  for (const directory of [layout.base, layout.conf, layout.data, layout.store, layout.log, layout.tmp]) {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  }
}

/** Certificates as Java reads them. */
export interface KeyStores {
  /** The broker's own. */
  readonly own: Uint8Array
  /** Whom it trusts. */
  readonly trusted: Uint8Array
  /** Whom it trusts to have signed the certificates of LDAP servers; left out: whom Java trusts. */
  readonly ldap?: Uint8Array | undefined
}

/** Writes the configuration and the key stores anew, readable by the owner alone. */
export async function writeConfiguration(input: RenderInput, { own, trusted, ldap }: KeyStores): Promise<void> {
  const { layout } = input
  const files = await configurationFiles(input)
  await rm(layout.conf, { recursive: true, force: true })
  await mkdir(layout.conf, { mode: 0o700 })
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(join(layout.conf, name), text, { mode: 0o600 })),
    writeFile(layout.keyStore, own, { mode: 0o600 }),
    writeFile(layout.trustStore, trusted, { mode: 0o600 }),
    ...(ldap === undefined ? [] : [writeFile(layout.ldapTrustStore, ldap, { mode: 0o600 })]),
  ])
}
