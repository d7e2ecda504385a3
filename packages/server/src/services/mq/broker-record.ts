import type { Decision } from '@sluice/policy'
import type { BrokerAddress, EngineVersion, LdapDirectory } from '#engines/broker-engine.ts'
import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'

/** Collection of {@link BrokerRecord}s by broker id. */
export const BROKERS = 'mq.broker'
/** Collection that keeps names unique: name → broker id. */
export const BROKER_NAMES = 'mq.broker-name'
/** Collection of creatorRequestIds that were used. */
export const CREATE_REQUESTS = 'mq.create-request'

/** Grows when the shape changes; a record of a newer shape is refused untouched. */
export const RECORD_FORMAT = 3

/** States as AWS names them; REPLICA belongs to data replication, which is not built. */
export type BrokerState =
  | 'CREATION_IN_PROGRESS'
  | 'CREATION_FAILED'
  | 'DELETION_IN_PROGRESS'
  | 'RUNNING'
  | 'REBOOT_IN_PROGRESS'
  | 'CRITICAL_ACTION_REQUIRED'

/** The logs of an ActiveMQ broker, in the order in which people name them. */
export const LOG_KINDS = ['general', 'audit'] as const
/** One of a broker's logs. */
export type LogKind = (typeof LOG_KINDS)[number]
/** Each log on or off. */
export type LogSwitches = Readonly<Record<LogKind, boolean>>

/**
 * One instance; a pair of ActiveMQ, of which one serves while the other waits for the store they share; a cluster of
 * RabbitMQ, whose three nodes serve together.
 */
export type DeploymentMode = 'SINGLE_INSTANCE' | 'ACTIVE_STANDBY_MULTI_AZ' | 'CLUSTER_MULTI_AZ'

/** Where a broker lives; together with the id it is the record's key. */
export interface BrokerScope {
  readonly account: AccountId
  readonly region: Region
}

/** Names one broker in the whole platform. */
export interface BrokerRef extends BrokerScope {
  readonly brokerId: string
}

/** A broker user; the password is sealed for this broker and this name. */
export interface StoredUser {
  readonly username: string
  readonly sealedPassword: string
  readonly groups: readonly string[]
  readonly consoleAccess: boolean
}

/** The directory of a broker; the password of its service account is sealed for this broker. */
export interface StoredLdap extends Omit<LdapDirectory, 'serviceAccountPassword'> {
  readonly sealedPassword: string
}

/** A revision of a configuration. */
export interface ConfigurationRef {
  readonly id: string
  readonly revision: number
}

/** What takes effect only when the broker starts. A record has it twice: as wanted, and as last started. */
export interface BrokerSettings {
  readonly engineVersion: EngineVersion
  readonly hostInstanceType: string
  readonly logs: LogSwitches
  readonly users: readonly StoredUser[]
  /** Missing in brokers made before there were configurations: they have AWS's default. */
  readonly configuration?: ConfigurationRef
  /** Missing: its users are the broker's own. */
  readonly ldap?: StoredLdap
}

/** One attempt to create a log group as the caller of CreateBroker or RebootBroker. */
export interface LogGroupAttempt {
  readonly outcome: 'created' | 'existed' | 'denied' | 'failed'
  readonly at: EpochMillis
  readonly during: 'CreateBroker' | 'RebootBroker'
  readonly by: LogGroupCaller
  /** What CloudWatch Logs answered, when it was not a success. */
  readonly reason?: string
  /** The gate's explanation of a denial. */
  readonly decision?: Decision
}

/** The caller of an attempt, as far as advice about its permissions needs it. */
export interface LogGroupCaller {
  readonly kind: Principal['kind']
  readonly arn: string
  /** The IAM user's or role's name. */
  readonly name?: string
}

export interface LogGroupState {
  /** An attempt has found or made the group. Whether somebody deleted it since is not known here. */
  readonly present: boolean
  readonly lastAttempt: LogGroupAttempt
}

/** A running instance as clients reach it. */
export interface BrokerInstance extends BrokerAddress {
  /** 1, or 2 for the standby of a pair; 1 to 3 in a cluster. */
  readonly number: number
}

/** Why a broker is not as it should be; kept until that has changed. */
export interface BrokerProblem {
  readonly kind: 'creation-failed' | 'not-running' | 'settings-refused' | 'key-unusable'
  readonly reason: string
  readonly at: EpochMillis
}

/** When a week's maintenance may begin. */
export interface MaintenanceWindow {
  readonly dayOfWeek: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'
  /** `HH:MM`. */
  readonly timeOfDay: string
  readonly timeZone: string
}

/** Which key, as CreateBroker said it. */
export interface EncryptionOptions {
  readonly useAwsOwnedKey: boolean
  readonly kmsKeyId?: string
}

/** What a broker's KMS key is used with. */
export interface BrokerKey {
  readonly keyArn: string
  /** Of the grant that the caller of CreateBroker made for this broker. */
  readonly grantId: string
  /** The data key that seals the broker's secrets, as KMS gave it, in base64. */
  readonly wrapped: string
}

/** Everything there is to know about a broker; the reconciler can carry on from it after any crash. */
export interface BrokerRecord extends BrokerRef {
  readonly format: typeof RECORD_FORMAT
  readonly brokerArn: string
  readonly brokerName: string
  readonly created: EpochMillis
  /** Id of the idempotency record of the request that created it. */
  readonly createRequest?: string

  readonly state: BrokerState
  readonly stateSince: EpochMillis
  readonly problem?: BrokerProblem

  /** Missing: ActiveMQ. */
  readonly engineType?: 'RabbitMQ'
  readonly deploymentMode: DeploymentMode
  readonly storageType: 'efs' | 'ebs'
  readonly publiclyAccessible: boolean
  readonly autoMinorVersionUpgrade: boolean
  readonly maintenanceWindow: MaintenanceWindow
  /** When the window was changed since it last began; missing: not at all. */
  readonly windowChanges?: readonly EpochMillis[]
  readonly subnetIds: readonly string[]
  readonly securityGroups: readonly string[]
  readonly encryptionOptions: EncryptionOptions
  /** Missing: the broker has the key that belongs to AWS, or was made when keys were kept only. */
  readonly encryptionKey?: BrokerKey
  readonly tags: Readonly<Record<string, string>>

  readonly desired: BrokerSettings
  /** When `desired` was last asked for; missing: at creation. */
  readonly desiredSince?: EpochMillis
  /** Missing until the broker has started once. */
  readonly applied?: BrokerSettings
  /** Configurations that were applied before the present one, oldest first; missing: none. */
  readonly configurationHistory?: readonly ConfigurationRef[]
  /** Missing entries: no attempt was ever made, because that log was never on. */
  readonly logGroups: Readonly<Partial<Record<LogKind, LogGroupState>>>
  /** Which logs are delivered now; lines of the others are passed over. Switched only while the broker stands still. */
  readonly delivering: LogSwitches
  /** Empty until the broker has started once. */
  readonly instances: readonly BrokerInstance[]
}

/** What a broker runs, as AWS spells it. */
export type EngineType = 'ActiveMQ' | 'RabbitMQ'

/** The engine of a broker. */
export const engineTypeOf = ({ engineType }: Pick<BrokerRecord, 'engineType'>): EngineType => engineType ?? 'ActiveMQ'

/** `arn:aws:mq:<region>:<account>:broker:<name>:<id>` */
export const brokerArn = ({ account, region, brokerId }: BrokerRef, brokerName: string): string =>
  `arn:aws:mq:${region}:${account}:broker:${brokerName}:${brokerId}`

/** The log group of one log of a broker, as AWS names it. */
export const logGroupName = (brokerId: string, log: LogKind): string => `/aws/amazonmq/broker/${brokerId}/${log}`

const INSTANCES: Readonly<Record<DeploymentMode, readonly number[]>> = {
  SINGLE_INSTANCE: [1],
  ACTIVE_STANDBY_MULTI_AZ: [1, 2],
  CLUSTER_MULTI_AZ: [1, 2, 3],
}

/** The instances of a broker by number. */
export const instanceNumbers = ({ deploymentMode }: Pick<BrokerRecord, 'deploymentMode'>): readonly number[] =>
  INSTANCES[deploymentMode]

/** What a sealed password is bound to. */
export const passwordContext = (brokerId: string, username: string): string => `${BROKERS}/${brokerId}/user/${username}`

/** What the sealed password of a broker's service account is bound to. */
export const ldapPasswordContext = (brokerId: string): string => `${BROKERS}/${brokerId}/ldap`
