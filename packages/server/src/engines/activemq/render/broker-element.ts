import type { BoundListener } from '#engines/activemq/ports.ts'
import { hostPart } from '#engines/activemq/ports.ts'
import { type RenderedElement, element } from '#engines/activemq/render/element.ts'
import { withDirectory } from '#engines/activemq/render/ldap-permissions.ts'
import { LOGIN } from '#engines/activemq/render/login-config.ts'
import { networkConnectors } from '#engines/activemq/render/network-connectors.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'
import type { StorageLimits } from '#engines/activemq/storage-limits.ts'
import type { BrokerUser, ConfigurationElement, LdapDirectory } from '#engines/broker-engine.ts'

/** What decides how a broker is configured. */
export interface BrokerElementInput {
  readonly brokerName: string
  /** Folder of the instance's own data, such as messages that are set aside for a while. */
  readonly dataDirectory: string
  /** Folder of the message store and of scheduled messages. */
  readonly storeDirectory: string
  /** Two instances wait for the same store; the one without it opens no ports. */
  readonly isStoreShared: boolean
  readonly storage: StorageLimits
  readonly keyStore: string
  readonly trustStore: string
  readonly connectors: readonly BoundListener[]
  /** Limit of each connector. */
  readonly maximumConnections: number
  readonly users: readonly BrokerUser[]
  readonly ldap?: LdapDirectory | undefined
  readonly configuration: ConfigurationElement
  /** Who connects is written to the security log. */
  readonly isSecurityLogged: boolean
}

const FRAME_LIMIT_BYTES = 100 * 1024 * 1024
/** How often a standby looks whether the store is free; ActiveMQ's own 10 s would be the time of a failover. */
const LOCK_MILLIS = 1_000
/** Collections to which Amazon MQ adds something of its own. */
const MERGED: ReadonlySet<string> = new Set([
  'networkConnectors',
  'persistenceAdapter',
  'plugins',
  'systemUsage',
  'transportConnectors',
])

/**
 * The owner's configuration, with what Amazon MQ adds to every broker: authentication, store, TLS listeners. What Amazon
 * MQ decides comes last, so that a configuration cannot decide it.
 */
export function brokerElement(input: BrokerElementInput): RenderedElement {
  const { configuration, brokerName, dataDirectory, storeDirectory } = input
  const { attributes } = element('broker', {
    xmlns: 'http://activemq.apache.org/schema/core',
    brokerName,
    dataDirectory,
    tmpDataDirectory: `${dataDirectory}/temporary`,
    schedulerDirectory: `${storeDirectory}/scheduler`,
    useJmx: true,
  })
  const decided = new Set(attributes.map(({ name }) => name))
  return {
    name: 'broker',
    attributes: [...configuration.attributes.filter(({ name }) => !decided.has(name)), ...attributes],
    children: [
      ...configuration.children.filter(({ name }) => !MERGED.has(name)),
      element('managementContext', {}, [element('managementContext', { createConnector: false })]),
      element('persistenceAdapter', {}, [store(input)]),
      element('plugins', {}, [
        // The first plugin comes last in the chain: behind authentication, only who may come in is logged.
        ...(input.isSecurityLogged ? [element('loggingBrokerPlugin', CONNECTIONS_ONLY)] : []),
        element('jaasAuthenticationPlugin', { configuration: LOGIN }),
        ...members(configuration, 'plugins').map((plugin) => withDirectory(plugin, input.ldap)),
      ]),
      element('sslContext', {}, [tls(input)]),
      element('systemUsage', {}, [usage(input)]),
      element('transportConnectors', {}, listeners(input)),
      ...networkConnectors(members(configuration, 'networkConnectors'), input.users),
      element('shutdownHooks', {}, [
        element('bean', {
          xmlns: 'http://www.springframework.org/schema/beans',
          class: 'org.apache.activemq.hooks.SpringContextHook',
        }),
      ]),
    ],
  }
}

/** Messages are among what the plugin could log, so everything else is off by name. */
const CONNECTIONS_ONLY = {
  logAll: false,
  logConnectionEvents: true,
  logSessionEvents: false,
  logTransactionEvents: false,
  logConsumerEvents: false,
  logProducerEvents: false,
  logInternalEvents: false,
}

/** What the owner's collections of this name hold. */
const members = ({ children }: ConfigurationElement, collection: string): readonly ConfigurationElement[] =>
  children.filter(({ name }) => name === collection).flatMap((found) => found.children)

function store({ configuration, storeDirectory, isStoreShared }: BrokerElementInput): RenderedElement {
  const [own] = members(configuration, 'persistenceAdapter')
  const { attributes } = element('kahaDB', { directory: `${storeDirectory}/kahadb` })
  const locker = element('locker', {}, [element('shared-file-locker', { lockAcquireSleepInterval: LOCK_MILLIS })])
  return {
    name: 'kahaDB',
    attributes: [...(own?.attributes ?? []), ...attributes],
    children: isStoreShared ? [locker] : [],
  }
}

function tls({ keyStore, trustStore }: BrokerElementInput): RenderedElement {
  const password = { variable: VARIABLES.keyStorePassword }
  return element('sslContext', {
    keyStore,
    keyStoreType: 'PKCS12',
    keyStorePassword: password,
    trustStore,
    trustStoreType: 'JKS',
    trustStorePassword: password,
  })
}

const MOST_PERCENT_OF_HEAP = '70'

function usage({ configuration, storage }: BrokerElementInput): RenderedElement {
  const [own] = members(configuration, 'systemUsage')
  const [memory] = own?.children.find(({ name }) => name === 'memoryUsage')?.children ?? []
  const percentOfJvmHeap = memory?.attributes.find(({ name }) => name === 'percentOfJvmHeap')?.value
  return {
    name: 'systemUsage',
    attributes: own?.attributes ?? [],
    children: [
      element('memoryUsage', {}, [
        element('memoryUsage', { percentOfJvmHeap: percentOfJvmHeap ?? MOST_PERCENT_OF_HEAP }),
      ]),
      element('storeUsage', {}, [element('storeUsage', { limit: `${String(storage.storeMib)} mb` })]),
      element('tempUsage', {}, [element('tempUsage', { limit: `${String(storage.temporaryMib)} mb` })]),
    ],
  }
}

/** Amazon MQ's listeners; an owner may say how clients of one that he names learn of other brokers. */
function listeners({ configuration, connectors, maximumConnections }: BrokerElementInput): readonly RenderedElement[] {
  const own = members(configuration, 'transportConnectors')
  const options = [
    `maximumConnections=${String(maximumConnections)}`,
    `wireFormat.maxFrameSize=${String(FRAME_LIMIT_BYTES)}`,
    'transport.enabledProtocols=TLSv1.2,TLSv1.3',
  ].join('&')
  return connectors.map(({ name, scheme, host, port }) => {
    const named = own.find(({ attributes }) => attributes.some((each) => each.name === 'name' && each.value === name))
    const uri = `${scheme}://${hostPart(host)}:${String(port)}?${options}`
    const { attributes } = element('transportConnector', { name, uri })
    return {
      name: 'transportConnector',
      attributes: [...attributes, ...(named?.attributes ?? []).filter((each) => each.name !== 'name')],
      children: [],
    }
  })
}
