import { isIPv4 } from 'node:net'
import { delimiter, join } from 'node:path'
import { RELATIVE } from '#engines/activemq/layout.ts'

export interface CommandInput {
  /** Shown in process lists, for whoever looks which Java is which broker. */
  readonly title: string
  /** Folder of the distribution. */
  readonly home: string
  /** The address to listen on. */
  readonly host: string
  readonly heapMib: number
  readonly audit: boolean
  /** Jars beside those of the distribution. */
  readonly libraries: readonly string[]
  /** The broker has a trust store of its own for LDAP servers. */
  readonly hasLdapTrustStore: boolean
}

const LEAST_HEAP_MIB = 64

/** Arguments of `java`, run in the instance's base directory. Anyone on the machine can read them, so they hold no secret. */
export function javaArguments(input: CommandInput): readonly string[] {
  const { title, home, host, heapMib, audit, libraries, hasLdapTrustStore } = input
  const { conf, data, tmp } = RELATIVE
  return [
    `-Dsluice.broker=${title}`,
    `-Xms${String(Math.min(LEAST_HEAP_MIB, heapMib))}m`,
    `-Xmx${String(heapMib)}m`,
    // Many small brokers share a machine: one collector thread, and only the quick compiler, which halves the start.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xss512k',
    // A broker without memory is of no use half alive; it is started again.
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-UsePerfData',
    '-XX:ErrorFile=java-error.log',
    ...(isIPv4(host) ? ['-Djava.net.preferIPv4Stack=true'] : []),
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${tmp}`,
    '-Duser.timezone=UTC',
    `-Djava.security.auth.login.config=${conf}/login.config`,
    `-Djava.util.logging.config.file=${conf}/logging.properties`,
    `-Dlog4j2.configurationFile=${conf}/log4j2.properties`,
    // Where log4j sees servlets, its threads share one cached time, and of two that log at once one may bear the other's.
    '-Dlog4j2.isWebapp=false',
    // As it is where log4j sees servlets: the broker's last lines come after the end of the process has begun.
    '-Dlog4j2.shutdownHookEnabled=false',
    `-Djolokia.conf=file:${conf}/jolokia-access.xml`,
    `-Dactivemq.home=${home}`,
    '-Dactivemq.base=.',
    `-Dactivemq.conf=${conf}`,
    `-Dactivemq.data=${data}`,
    ...(libraries.length === 0 ? [] : [`-Dactivemq.classpath=${libraries.join(delimiter)}`]),
    // Only certificates are in it, and Java reads those without its password.
    ...(hasLdapTrustStore
      ? [`-Djavax.net.ssl.trustStore=${RELATIVE.ldapTrustStore}`, '-Djavax.net.ssl.trustStoreType=JKS']
      : []),
    ...(audit ? ['-Dorg.apache.activemq.audit=true'] : []),
    '-jar',
    join(home, 'bin', 'activemq.jar'),
    'start',
    `xbean:file:${conf}/activemq.xml`,
  ]
}
