import { ENCRYPTION_ALGORITHM } from '#engines/activemq/encryption.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'

/** `login.config`. Without `reload`, user changes take effect at the next start, as on AWS. */
export const LOGIN_CONFIG = `activemq {
  org.apache.activemq.jaas.PropertiesLoginModule required
    decrypt=true
    algorithm="${ENCRYPTION_ALGORITHM}"
    org.apache.activemq.jaas.properties.user="users.properties"
    org.apache.activemq.jaas.properties.group="groups.properties";
};
`

/** `credentials.properties`: whom the console logs in to the broker as; Spring takes both from the environment. */
export const CREDENTIALS_PROPERTIES = `activemq.username=\${${VARIABLES.platformUsername}}
activemq.password=\${${VARIABLES.platformPassword}}
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
