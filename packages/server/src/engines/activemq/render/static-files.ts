import { VARIABLES } from '#engines/activemq/run-secrets.ts'

/** `credentials.properties`: whom the console logs in to the broker as; Spring takes both from the environment. */
export const CREDENTIALS_PROPERTIES = `activemq.username=\${${VARIABLES.platformUsername}}
activemq.password=\${${VARIABLES.platformPassword}}
`

/**
 * `jndi.properties`: how long a log-in waits for a server of a directory, to connect and to answer, in milliseconds. Without
 * them a server that says nothing would hold clients for ever, and the second one would not be asked.
 */
export const JNDI_PROPERTIES = `com.sun.jndi.ldap.connect.timeout=5000
com.sun.jndi.ldap.read.timeout=10000
`

/** `logging.properties` for what uses Java's own logging: nothing to the standard output. */
export const LOGGING_PROPERTIES = 'handlers=\n'

/**
 * `jolokia-access.xml`: the platform reads anything and runs operations of the broker. What could change logging or
 * write files of the machine is refused even to it, and a request without Origin is refused, so that no page in a browser sends one.
 */
export const JOLOKIA_ACCESS = `<?xml version="1.0" encoding="UTF-8"?>
<restrict>
  <cors><strict-checking/></cors>
  <commands><command>read</command><command>list</command><command>version</command><command>search</command></commands>
  <allow>
    <mbean><name>org.apache.activemq:*</name><attribute>*</attribute><operation>*</operation></mbean>
  </allow>
  <deny>
    <mbean><name>org.apache.logging.log4j2:*</name><attribute>*</attribute><operation>*</operation></mbean>
    <mbean><name>com.sun.management:type=DiagnosticCommand</name><attribute>*</attribute><operation>*</operation></mbean>
    <mbean><name>com.sun.management:type=HotSpotDiagnostic</name><attribute>*</attribute><operation>*</operation></mbean>
    <mbean><name>jdk.management.jfr:type=FlightRecorder</name><attribute>*</attribute><operation>*</operation></mbean>
  </deny>
</restrict>
`
