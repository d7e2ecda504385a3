import { type BrokerElementInput, brokerElement } from '#engines/activemq/render/broker-element.ts'
import { elementText } from '#engines/activemq/render/element.ts'

/** `activemq.xml`: the broker, its console, and values from the environment. */
export function activemqXml(input: BrokerElementInput): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"/>
${elementText(brokerElement(input), '  ')}  <import resource="jetty.xml"/>
</beans>
`
}
