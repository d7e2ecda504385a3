import type { OperationOutput } from '#kernel/call.ts'
import {
  type BrokerRecord,
  type BrokerSettings,
  type ConfigurationRef,
  LOG_KINDS,
  engineTypeOf,
  logGroupName,
} from '#services/mq/broker-record.ts'
import { strategyOf } from '#services/mq/rules/authentication.ts'
import { userStates } from '#services/mq/rules/pending-users.ts'
import { ldapView } from '#services/mq/stored-ldap.ts'

type Description = OperationOutput<'mq', 'DescribeBroker'>
type UserSummary = NonNullable<Description['Users']>[number]
type Summary = NonNullable<OperationOutput<'mq', 'ListBrokers'>['BrokerSummaries']>[number]

/** What runs, or will run for the first time. */
const current = (record: BrokerRecord): BrokerSettings => record.applied ?? record.desired

/** A broker as DescribeBroker answers it: what is applied, and beside it what waits for a reboot. */
export function describeBroker(record: BrokerRecord): Description {
  const applied = current(record)
  return {
    ...summary(record),
    EngineVersion: applied.engineVersion.runs,
    PubliclyAccessible: record.publiclyAccessible,
    AutoMinorVersionUpgrade: record.autoMinorVersionUpgrade,
    AuthenticationStrategy: strategyOf(applied),
    ...(applied.ldap === undefined ? {} : { LdapServerMetadata: ldapView(applied.ldap) }),
    StorageType: record.storageType,
    SubnetIds: record.subnetIds,
    SecurityGroups: record.securityGroups,
    EncryptionOptions: {
      UseAwsOwnedKey: record.encryptionOptions.useAwsOwnedKey,
      KmsKeyId: record.encryptionOptions.kmsKeyId,
    },
    DataReplicationMode: 'NONE',
    Tags: record.tags,
    Users: userSummaries(record),
    BrokerInstances: instancesView(record),
    MaintenanceWindowStartTime: windowView(record),
    Logs: logsView(record),
    Configurations: configurationsView(record),
    ActionsRequired: actionsRequired(record),
    ...pendingView(record),
  }
}

/** Nodes of RabbitMQ are reached at one address, whose number AWS does not tell. */
function instancesView(record: BrokerRecord): NonNullable<Description['BrokerInstances']> {
  const isRabbit = engineTypeOf(record) === 'RabbitMQ'
  const told = isRabbit ? record.instances.slice(0, 1) : record.instances
  return told.map(({ consoleUrl, endpoints, ipAddress }) => ({
    ConsoleURL: consoleUrl,
    Endpoints: endpoints,
    ...(isRabbit ? {} : { IpAddress: ipAddress }),
  }))
}

/**
 * The broker's users, those that come and go with the next reboot included. Those of RabbitMQ are its own: AWS does not
 * tell them.
 */
export const userSummaries = (record: BrokerRecord): readonly UserSummary[] =>
  (engineTypeOf(record) === 'RabbitMQ' ? [] : userStates(record)).map(({ username, pendingChange }) => ({
    Username: username,
    ...(pendingChange === undefined ? {} : { PendingChange: pendingChange }),
  }))

/** A broker as ListBrokers answers it. */
export const summary = (record: BrokerRecord): Summary => ({
  BrokerId: record.brokerId,
  BrokerArn: record.brokerArn,
  BrokerName: record.brokerName,
  BrokerState: record.state,
  Created: record.created,
  DeploymentMode: record.deploymentMode,
  // AWS answers so although its model says ACTIVEMQ; Terraform plans a replacement for anything else.
  EngineType: engineTypeOf(record),
  HostInstanceType: current(record).hostInstanceType,
})

/** The maintenance window by its modelled names. */
export const windowView = ({
  maintenanceWindow,
}: BrokerRecord): NonNullable<Description['MaintenanceWindowStartTime']> => ({
  DayOfWeek: maintenanceWindow.dayOfWeek,
  TimeOfDay: maintenanceWindow.timeOfDay,
  TimeZone: maintenanceWindow.timeZone,
})

// The names of the groups are always told, also while the logs are off.
function logsView(record: BrokerRecord): NonNullable<Description['Logs']> {
  const { logs } = current(record)
  const wanted = record.desired.logs
  const isPending = LOG_KINDS.some((log) => logs[log] !== wanted[log])
  return {
    General: logs.general,
    GeneralLogGroup: logGroupName(record.brokerId, 'general'),
    // RabbitMQ has no audit log.
    ...(engineTypeOf(record) === 'RabbitMQ'
      ? { ...(isPending ? { Pending: { General: wanted.general } } : {}) }
      : {
          Audit: logs.audit,
          AuditLogGroup: logGroupName(record.brokerId, 'audit'),
          ...(isPending ? { Pending: { General: wanted.general, Audit: wanted.audit } } : {}),
        }),
  }
}

function configurationsView(record: BrokerRecord): Description['Configurations'] {
  const { configuration } = current(record)
  const wanted = record.desired.configuration
  const isPending =
    wanted !== undefined && (wanted.id !== configuration?.id || wanted.revision !== configuration.revision)
  return {
    ...(configuration === undefined ? {} : { Current: configurationRefView(configuration) }),
    ...(isPending ? { Pending: configurationRefView(wanted) } : {}),
    History: (record.configurationHistory ?? []).map(configurationRefView),
  }
}

/** A revision of a configuration by its modelled names. */
export const configurationRefView = ({ id, revision }: ConfigurationRef): { Id: string; Revision: number } => ({
  Id: id,
  Revision: revision,
})

function pendingView(record: BrokerRecord): Partial<Description> {
  const { applied, desired } = record
  if (applied === undefined) return {}
  return {
    ...(applied.engineVersion.runs === desired.engineVersion.runs
      ? {}
      : { PendingEngineVersion: desired.engineVersion.runs }),
    ...(applied.hostInstanceType === desired.hostInstanceType
      ? {}
      : { PendingHostInstanceType: desired.hostInstanceType }),
    ...(strategyOf(applied) === strategyOf(desired) ? {} : { PendingAuthenticationStrategy: strategyOf(desired) }),
    // Whether only the password is another one nobody can see; that something waits they can.
    ...(desired.ldap === undefined || desired.ldap.sealedPassword === applied.ldap?.sealedPassword
      ? {}
      : { PendingLdapServerMetadata: ldapView(desired.ldap) }),
  }
}

const ACTION_CODES = {
  'creation-failed': 'BROKER_CREATION_FAILED',
  'not-running': 'BROKER_NOT_RUNNING',
  'settings-refused': 'BROKER_SETTINGS_REFUSED',
  'key-unusable': 'INVALID_KMS_KEY',
} as const

// AWS keeps its reasons to itself; here they are the only place where a client can read why.
const actionsRequired = ({ problem }: BrokerRecord): Description['ActionsRequired'] =>
  problem === undefined ? [] : [{ ActionRequiredCode: ACTION_CODES[problem.kind], ActionRequiredInfo: problem.reason }]
