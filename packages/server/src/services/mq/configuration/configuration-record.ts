import type { EpochMillis } from '#kernel/ids.ts'
import type { BrokerScope } from '#services/mq/broker-record.ts'
import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'

/** Collection of {@link ConfigurationRecord}s by configuration id. */
export const CONFIGURATIONS = 'mq.configuration'
/** Collection that keeps names unique: name → configuration id. */
export const CONFIGURATION_NAMES = 'mq.configuration-name'
/** Collection of {@link RevisionRecord}s by configuration id and number. */
export const REVISIONS = 'mq.configuration-revision'

/** Grows when the shape changes; a record of a newer shape is refused untouched. */
export const CONFIGURATION_FORMAT = 2

/** Names one configuration in the whole platform. */
export interface ConfigurationId extends BrokerScope {
  readonly configurationId: string
}

/** A revision without its data. */
export interface Revision {
  readonly revision: number
  readonly created: EpochMillis
  readonly description?: string
}

/** A configuration without the data of its revisions. */
export interface ConfigurationRecord extends ConfigurationId {
  readonly format: typeof CONFIGURATION_FORMAT
  readonly arn: string
  readonly name: string
  readonly created: EpochMillis
  /** As requests name it, e.g. `5.18`. */
  readonly engineVersion: string
  /** It may take permissions from a directory, which a broker of that strategy has. Missing: it may not. */
  readonly authenticationStrategy?: 'ldap'
  readonly latest: Revision
  readonly tags: Readonly<Record<string, string>>
}

/** One revision; never changed. */
export interface RevisionRecord extends Revision {
  /** The sanitised XML. */
  readonly data: string
}

/** `arn:aws:mq:<region>:<account>:configuration:<id>` */
const configurationArn = ({ account, region, configurationId }: ConfigurationId): string =>
  `arn:aws:mq:${region}:${account}:configuration:${configurationId}`

/** A new configuration with its first revision, which AWS writes itself. */
export function newConfiguration(
  id: ConfigurationId,
  { name, engineVersion, strategy, tags, now }: NewConfiguration,
): ConfigurationRecord {
  const description = `Auto-generated default for ${name} on ActiveMQ ${engineVersion}`
  return {
    account: id.account,
    region: id.region,
    configurationId: id.configurationId,
    format: CONFIGURATION_FORMAT,
    arn: configurationArn(id),
    name,
    created: now,
    engineVersion,
    ...(strategy === 'ldap' ? { authenticationStrategy: strategy } : {}),
    latest: { revision: 1, created: now, description },
    tags,
  }
}

interface NewConfiguration {
  readonly name: string
  readonly engineVersion: string
  readonly strategy: AuthenticationStrategy
  readonly tags: Readonly<Record<string, string>>
  readonly now: EpochMillis
}
