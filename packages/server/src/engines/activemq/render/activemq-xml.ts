import { VARIABLES } from '#engines/activemq/run-secrets.ts'
import type { StorageLimits } from '#engines/activemq/storage-limits.ts'
import { xml } from '#engines/activemq/render/xml.ts'
import { hostPart } from '#engines/activemq/ports.ts'
import type { BoundListener } from '#engines/activemq/ports.ts'

export interface BrokerXmlInput {
  readonly brokerName: string
  /** Folder of the message store, and of messages that are set aside for a while. */
  readonly dataDirectory: string
  readonly storage: StorageLimits
  readonly keyStore: string
  readonly connectors: readonly BoundListener[]
  /** Limit of each connector. */
  readonly maximumConnections: number
}

const FRAME_LIMIT_BYTES = 100 * 1024 * 1024

/**
 * The broker: AWS's default configuration, with what Amazon MQ adds to every broker: authentication, store, TLS listeners.
 * Without an authorization map every user of the broker may do everything, as on AWS.
 */
export function activemqXml(input: BrokerXmlInput): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"/>
${broker(input)}
  <import resource="jetty.xml"/>
</beans>
`
}

const broker = ({ brokerName, dataDirectory, storage, keyStore, ...listening }: BrokerXmlInput): string =>
  xml`  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="${brokerName}" dataDirectory="${dataDirectory}"
    tmpDataDirectory="${dataDirectory}/temporary" useJmx="true" schedulePeriodForDestinationPurge="10000">
    <destinationPolicy><policyMap><policyEntries>
      <policyEntry topic="&gt;" gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000">
        <pendingMessageLimitStrategy><constantPendingMessageLimitStrategy limit="1000"/></pendingMessageLimitStrategy>
      </policyEntry>
      <policyEntry queue="&gt;" gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000"/>
    </policyEntries></policyMap></destinationPolicy>
    <managementContext><managementContext createConnector="false"/></managementContext>
    <persistenceAdapter><kahaDB directory="${dataDirectory}/kahadb"/></persistenceAdapter>
    <plugins><jaasAuthenticationPlugin configuration="activemq"/></plugins>
    <sslContext><sslContext keyStore="${keyStore}" keyStoreType="PKCS12" keyStorePassword="\${${VARIABLES.keyStorePassword}}"/></sslContext>
    <systemUsage><systemUsage>
      <memoryUsage><memoryUsage percentOfJvmHeap="70"/></memoryUsage>
      <storeUsage><storeUsage limit="${storage.storeMib} mb"/></storeUsage>
      <tempUsage><tempUsage limit="${storage.temporaryMib} mb"/></tempUsage>
    </systemUsage></systemUsage>
    <transportConnectors>
` +
  connectors(listening) +
  `    </transportConnectors>
    <shutdownHooks><bean xmlns="http://www.springframework.org/schema/beans" class="org.apache.activemq.hooks.SpringContextHook"/></shutdownHooks>
  </broker>`

function connectors({
  connectors: listeners,
  maximumConnections,
}: Pick<BrokerXmlInput, 'connectors' | 'maximumConnections'>): string {
  const options = [
    `maximumConnections=${String(maximumConnections)}`,
    `wireFormat.maxFrameSize=${String(FRAME_LIMIT_BYTES)}`,
    'transport.enabledProtocols=TLSv1.2,TLSv1.3',
  ].join('&')
  return listeners
    .map(({ name, scheme, host, port }) => {
      const uri = `${scheme}://${hostPart(host)}:${String(port)}?${options}`
      return xml`      <transportConnector name="${name}" uri="${uri}"/>\n`
    })
    .join('')
}
