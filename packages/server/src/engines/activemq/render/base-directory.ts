import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceLayout } from '#engines/activemq/layout.ts'
import { connectorsAt, consolePortAt } from '#engines/activemq/ports.ts'
import { activemqXml } from '#engines/activemq/render/activemq-xml.ts'
import { jettyXml } from '#engines/activemq/render/jetty-xml.ts'
import { log4jProperties } from '#engines/activemq/render/log4j2.ts'
import { CREDENTIALS_PROPERTIES, JOLOKIA_ACCESS, LOGGING_PROPERTIES, LOGIN_CONFIG } from '#engines/activemq/render/static-files.ts'
import { groupsProperties, jettyRealm, usersProperties } from '#engines/activemq/render/users.ts'
import type { RunSecrets } from '#engines/activemq/run-secrets.ts'
import type { BrokerSpec } from '#engines/broker-engine.ts'
import type { Address } from '#supervisor/addresses.ts'

export interface RenderInput {
  readonly spec: BrokerSpec
  readonly layout: InstanceLayout
  /** Folder of the distribution. */
  readonly home: string
  readonly address: Address
  readonly maximumConnections: number
  readonly secrets: RunSecrets
}

/** The configuration files of one instance by name, without its key store. */
export async function configurationFiles({ spec, layout, home, address, maximumConnections, secrets }: RenderInput): Promise<Readonly<Record<string, string>>> {
  const { users, brokerName, logs } = spec
  const { keyStore } = layout
  const realmFile = join(layout.conf, 'jetty-realm.properties')
  return {
    'activemq.xml': activemqXml({
      brokerName,
      storeDirectory: layout.data,
      temporaryDirectory: layout.tmp,
      keyStore,
      connectors: connectorsAt(address),
      maximumConnections,
    }),
    'jetty.xml': jettyXml({ home, host: address.host, port: consolePortAt(address), keyStore, realmFile }),
    'log4j2.properties': log4jProperties({ logDirectory: layout.log, audit: logs.audit }),
    'users.properties': await usersProperties(users, secrets.platformUser, secrets.encryptionPassword),
    'groups.properties': groupsProperties(users),
    'jetty-realm.properties': jettyRealm(users, secrets.platformUser),
    'login.config': LOGIN_CONFIG,
    'credentials.properties': CREDENTIALS_PROPERTIES,
    'jolokia-access.xml': JOLOKIA_ACCESS,
    'logging.properties': LOGGING_PROPERTIES,
  }
}

/** Writes the configuration anew; messages and logs stay. Everything is the owner's alone. */
export async function renderBaseDirectory(input: RenderInput, keyStore: Uint8Array): Promise<void> {
  const { layout } = input
  const files = await configurationFiles(input)
  await Promise.all([layout.conf, layout.tmp].map((directory) => rm(directory, { recursive: true, force: true })))
  for (const directory of [layout.base, layout.conf, layout.data, layout.log, layout.tmp]) {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  }
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(join(layout.conf, name), text, { mode: 0o600 })),
    writeFile(layout.keyStore, keyStore, { mode: 0o600 }),
  ])
}
