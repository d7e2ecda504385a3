import { propertiesText } from '#engines/activemq/render/properties.ts'

export interface Log4jInput {
  readonly logDirectory: string
  /** Whether `audit.log` is written. */
  readonly audit: boolean
}

/** File-name prefixes: `activemq-<n>.log`, `audit-<n>.log`. */
export const LOG_PREFIX = { general: 'activemq', audit: 'audit' } as const

/** What a broker of Amazon MQ writes. @source the log4j2.properties of the distribution, times in UTC */
const GENERAL = '%d{yyyy-MM-dd HH:mm:ss,SSS}{UTC} | %-5p | %m | %c | %t%n%throwable{full}'
const AUDIT = '%-5p | %m | %t%n'

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
export function log4jProperties({ logDirectory, audit }: Log4jInput): string {
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
    ...appender('general', `${logDirectory}/${LOG_PREFIX.general}-%i.log`, asEvent(GENERAL)),
    ...(audit ? appender('audit', `${logDirectory}/${LOG_PREFIX.audit}-%i.log`, asEvent(AUDIT)) : []),
  ])
}

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
