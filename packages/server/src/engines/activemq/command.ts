import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InstanceLayout } from '#engines/activemq/layout.ts'

export interface CommandInput {
  readonly layout: InstanceLayout
  /** Folder of the distribution. */
  readonly home: string
  /** The address to listen on. */
  readonly host: string
  readonly heapMib: number
  readonly audit: boolean
}

const LEAST_HEAP_MIB = 64

/** Arguments of `java` for one instance. Anyone on the machine can read them, so they hold no secret. */
export function javaArguments({ layout, home, host, heapMib, audit }: CommandInput): readonly string[] {
  const conf = (name: string): string => join(layout.conf, name)
  return [
    `-Xms${String(Math.min(LEAST_HEAP_MIB, heapMib))}m`,
    `-Xmx${String(heapMib)}m`,
    // Many small brokers share a machine: one collector thread, and only the quick compiler, which halves the start.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xss512k',
    // A broker without memory is of no use half alive; it is started again.
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-UsePerfData',
    `-XX:ErrorFile=${join(layout.base, 'java-error.log')}`,
    ...(isIPv4(host) ? ['-Djava.net.preferIPv4Stack=true'] : []),
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${layout.tmp}`,
    '-Duser.timezone=UTC',
    `-Djava.security.auth.login.config=${conf('login.config')}`,
    `-Djava.util.logging.config.file=${conf('logging.properties')}`,
    `-Dlog4j2.configurationFile=${fileUrl(conf('log4j2.properties'))}`,
    `-Djolokia.conf=${fileUrl(conf('jolokia-access.xml'))}`,
    `-Dactivemq.home=${home}`,
    `-Dactivemq.base=${layout.base}`,
    `-Dactivemq.conf=${layout.conf}`,
    `-Dactivemq.data=${layout.data}`,
    `-Dactivemq.classpath=${layout.conf}:`,
    ...(audit ? ['-Dorg.apache.activemq.audit=true'] : []),
    '-jar',
    join(home, 'bin', 'activemq.jar'),
    'start',
    `xbean:${fileUrl(conf('activemq.xml'))}`,
  ]
}

const fileUrl = (file: string): string => pathToFileURL(file).href
