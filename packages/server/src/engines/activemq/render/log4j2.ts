import { propertiesText } from '#engines/activemq/render/properties.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'
import type { BrokerLog } from '#engines/broker-engine.ts'

export interface Log4jInput {
  readonly logDirectory: string
  /** Whether `audit.log` is written. */
  readonly audit: boolean
  /** Whether connections, log-ins and denials are written to a file of their own. */
  readonly security: boolean
}

/** File-name prefixes: `activemq-<n>.log` and so on. The files of `flow` are the platform's. */
export const LOG_PREFIX = {
  general: 'activemq',
  audit: 'audit',
  security: 'security',
  flow: 'flow',
} as const satisfies Readonly<Record<BrokerLog, string>>

/** What a broker of Amazon MQ writes. @source the log4j2.properties of the distribution, times in UTC */
const GENERAL = '%d{yyyy-MM-dd HH:mm:ss,SSS}{UTC} | %-5p | %m | %c | %t%n%throwable{full}'
const AUDIT = '%-5p | %m | %t%n'
/** As the general log, with the listener, which tells the protocol, behind the message; a client that leaves has none. */
const SECURITY = '%d{yyyy-MM-dd HH:mm:ss,SSS}{UTC} | %-5p | %m | %replace{%X{activemq.connector}}{\\?.*}{} | %c | %t%n'

/** Refused log-ins, and what somebody was not allowed to do. */
const DENIED = '(?s)(Failed to add Connection|Security Error occurred on connection to).*'
/** All but the console's own connection, which is nobody's log-in. Its user's name cannot be guessed, so nobody can hide behind it. */
const COMING_AND_GOING = `(?s)(Adding|Removing) Connection: (?!.*userName = \${env:${VARIABLES.platformUsername}}, ).*`

/** That our plugin is there is no news for AWS's general log. */
const OWN_PLUGIN = 'Broker Plugin org\\.apache\\.activemq\\.broker\\.util\\.LoggingBrokerPlugin .*'

/** How large a file may grow before the next one is begun. Files are never renamed: a reader of them loses nothing. */
const FILE_SIZE = '4MB'

/**
 * One event is `<epoch millis> <text>`, U+001E and a line feed. U+001E inside a text becomes a question mark and the
 * pattern's own last line feed is dropped, so a stack trace is one event and no message can pass itself off as another.
 */
const asEvent = (pattern: string): string => {
  const withoutTerminator = `%replace{${pattern}}{\\x1E}{?}`
  return `%d{UNIX_MILLIS} %replace{${withoutTerminator}}{\\n\\z}{}\u001E\n`
}

const QUIET = [
  'org.apache.activemq.spring',
  'org.apache.activemq.web.handler',
  'org.springframework',
  'org.apache.xbean',
  'org.eclipse.jetty',
]

/** `log4j2.properties`: INFO, as on AWS, where DEBUG cannot be had. */
export function log4jProperties({ logDirectory, audit, security }: Log4jInput): string {
  return propertiesText([
    ['status', 'WARN'],
    ['rootLogger.level', 'INFO'],
    ['rootLogger.appenderRef.general.ref', 'general'],
    ...QUIET.flatMap((name, index): [string, string][] => [
      [`logger.quiet${String(index)}.name`, name],
      [`logger.quiet${String(index)}.level`, 'WARN'],
    ]),
    ['logger.audit.name', 'org.apache.activemq.audit'],
    ['logger.audit.additivity', 'false'],
    ['logger.audit.level', audit ? 'INFO' : 'OFF'],
    ...(audit ? ([['logger.audit.appenderRef.audit.ref', 'audit']] as const) : []),
    ...(security ? securityLoggers() : []),
    ...appender('general', `${logDirectory}/${LOG_PREFIX.general}-%i.log`, asEvent(GENERAL)),
    ...(audit ? appender('audit', `${logDirectory}/${LOG_PREFIX.audit}-%i.log`, asEvent(AUDIT)) : []),
    ...(security ? appender('security', `${logDirectory}/${LOG_PREFIX.security}-%i.log`, asEvent(SECURITY)) : []),
  ])
}

/** What becomes of events that match, and of the others. */
const ONLY = { match: 'NEUTRAL', else: 'DENY' } as const
const ALL_BUT = { match: 'DENY', else: 'NEUTRAL' } as const

/** Who comes and goes is in the file of its own only, since AWS's general log has nothing of it; refusals are in both. */
const securityLoggers = (): readonly (readonly [string, string])[] => [
  ['logger.connections.name', 'org.apache.activemq.broker.util.LoggingBrokerPlugin'],
  ['logger.connections.additivity', 'false'],
  ['logger.connections.level', 'INFO'],
  ['logger.connections.appenderRef.security.ref', 'security'],
  ...filter('logger.connections.appenderRef.security', COMING_AND_GOING, ONLY),
  ['logger.denials.name', 'org.apache.activemq.broker.TransportConnection'],
  ['logger.denials.level', 'INFO'],
  ['logger.denials.appenderRef.security.ref', 'security'],
  ...filter('logger.denials.appenderRef.security', DENIED, ONLY),
  ['logger.plugins.name', 'org.apache.activemq.broker.BrokerPluginSupport'],
  ['logger.plugins.level', 'INFO'],
  ...filter('logger.plugins', OWN_PLUGIN, ALL_BUT),
]

const filter = (
  of: string,
  regex: string,
  then: { readonly match: string; readonly else: string },
): readonly (readonly [string, string])[] => [
  [`${of}.filter.text.type`, 'RegexFilter'],
  [`${of}.filter.text.regex`, regex],
  [`${of}.filter.text.onMatch`, then.match],
  [`${of}.filter.text.onMismatch`, then.else],
]

const appender = (name: string, filePattern: string, pattern: string): readonly (readonly [string, string])[] => [
  [`appender.${name}.type`, 'RollingFile'],
  [`appender.${name}.name`, name],
  [`appender.${name}.filePattern`, filePattern],
  [`appender.${name}.strategy.type`, 'DirectWriteRolloverStrategy'],
  [`appender.${name}.policies.type`, 'Policies'],
  [`appender.${name}.policies.size.type`, 'SizeBasedTriggeringPolicy'],
  [`appender.${name}.policies.size.size`, FILE_SIZE],
  [`appender.${name}.layout.type`, 'PatternLayout'],
  [`appender.${name}.layout.charset`, 'UTF-8'],
  // The pattern says where a stack trace goes; log4j would put another one behind the terminator.
  [`appender.${name}.layout.alwaysWriteExceptions`, 'false'],
  [`appender.${name}.layout.pattern`, pattern],
]
