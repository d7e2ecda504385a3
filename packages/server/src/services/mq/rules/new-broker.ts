import type { OperationInput } from '#kernel/call.ts'
import type { BrokerUser, LdapDirectory } from '#engines/broker-engine.ts'
import type { BrokerRecord, BrokerSettings, MaintenanceWindow } from '#services/mq/broker-record.ts'
import { checkAuthenticationStrategy, checkDataReplicationMode } from '#services/mq/rules/authentication.ts'
import { checkBrokerName, checkCreatorRequestId } from '#services/mq/rules/broker-name.ts'
import {
  type EngineCatalogue,
  checkAutoMinorVersionUpgrade,
  checkDeploymentMode,
  checkEngineType,
  checkInstanceType,
  chooseEngineVersion,
  chooseStorageType,
} from '#services/mq/rules/engine.ts'
import { checkMaintenanceWindow } from '#services/mq/rules/maintenance-window.ts'
import { checkLdap } from '#services/mq/rules/ldap.ts'
import { parseNewRabbitmq } from '#services/mq/rules/new-rabbitmq.ts'
import { refuseUnbuilt } from '#services/mq/rules/members.ts'
import { checkEncryptionOptions, checkSecurityGroups, checkSubnets } from '#services/mq/rules/network.ts'
import { checkTags } from '#services/mq/rules/tags.ts'
import { checkSpareUsers, checkUsers } from '#services/mq/rules/users.ts'

/** A CreateBroker input that holds; only the passwords are not yet sealed. Left out: users of its own, no directory. */
export interface NewBroker
  extends
    Pick<
      BrokerRecord,
      | 'brokerName'
      | 'engineType'
      | 'deploymentMode'
      | 'storageType'
      | 'publiclyAccessible'
      | 'autoMinorVersionUpgrade'
      | 'subnetIds'
      | 'securityGroups'
      | 'encryptionOptions'
      | 'tags'
    >,
    Omit<BrokerSettings, 'users' | 'configuration' | 'ldap'> {
  readonly users: readonly BrokerUser[]
  readonly ldap?: LdapDirectory | undefined
  readonly maintenanceWindow: MaintenanceWindow | undefined
}

const BUILT: ReadonlySet<string> = new Set([
  'AuthenticationStrategy',
  'AutoMinorVersionUpgrade',
  'BrokerName',
  'Configuration',
  'CreatorRequestId',
  'DataReplicationMode',
  'DeploymentMode',
  'EncryptionOptions',
  'EngineType',
  'EngineVersion',
  'HostInstanceType',
  'LdapServerMetadata',
  'Logs',
  'MaintenanceWindowStartTime',
  'PubliclyAccessible',
  'SecurityGroups',
  'StorageType',
  'SubnetIds',
  'Tags',
  'Users',
])

/**
 * Every rule about the input of CreateBroker, cheapest and most telling first.
 * @throws AwsError BadRequestException naming the member at fault
 */
export function parseNewBroker(input: OperationInput<'mq', 'CreateBroker'>, catalogue: EngineCatalogue): NewBroker {
  checkCreatorRequestId(input.CreatorRequestId)
  const brokerName = checkBrokerName(input.BrokerName)
  if (checkEngineType(input.EngineType) === 'RabbitMQ') return parseNewRabbitmq(input, brokerName, catalogue)
  const deploymentMode = checkDeploymentMode(input.DeploymentMode)
  const strategy = checkAuthenticationStrategy(input.AuthenticationStrategy) ?? 'simple'
  checkDataReplicationMode(input.DataReplicationMode)
  refuseUnbuilt(input, BUILT)
  const engineVersion = chooseEngineVersion(input.EngineVersion, catalogue)
  const hostInstanceType = checkInstanceType(input.HostInstanceType, catalogue)
  return {
    brokerName,
    deploymentMode,
    engineVersion,
    hostInstanceType,
    storageType: chooseStorageType(input.StorageType, hostInstanceType, deploymentMode),
    autoMinorVersionUpgrade: checkAutoMinorVersionUpgrade(input.AutoMinorVersionUpgrade, engineVersion),
    publiclyAccessible: input.PubliclyAccessible,
    subnetIds: checkSubnets(input.SubnetIds, deploymentMode),
    securityGroups: checkSecurityGroups(input.SecurityGroups),
    encryptionOptions: checkEncryptionOptions(input.EncryptionOptions),
    maintenanceWindow: input.MaintenanceWindowStartTime && checkMaintenanceWindow(input.MaintenanceWindowStartTime),
    tags: checkTags(input.Tags),
    ldap: checkLdap(strategy, input.LdapServerMetadata),
    users: strategy === 'ldap' ? checkSpareUsers(input.Users) : checkUsers(input.Users),
    logs: { general: input.Logs?.General ?? false, audit: input.Logs?.Audit ?? false },
  }
}
