import type { EngineVersion } from '#engines/broker-engine.ts'
import type { OperationInput } from '#kernel/call.ts'
import type { DeploymentMode } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { type EngineCatalogue, invalid } from '#services/mq/rules/engine.ts'
import { checkMaintenanceWindow } from '#services/mq/rules/maintenance-window.ts'
import { refuseUnbuilt } from '#services/mq/rules/members.ts'
import { checkEncryptionOptions, checkSecurityGroups, checkSubnets } from '#services/mq/rules/network.ts'
import type { NewBroker } from '#services/mq/rules/new-broker.ts'
import { checkTags } from '#services/mq/rules/tags.ts'
import { checkUsers } from '#services/mq/rules/users.ts'

type Input = OperationInput<'mq', 'CreateBroker'>

/** Members with which a broker of RabbitMQ can be made here; its configurations are of another language. */
const BUILT: ReadonlySet<string> = new Set([
  'AutoMinorVersionUpgrade',
  'BrokerName',
  'CreatorRequestId',
  'DataReplicationMode',
  'DeploymentMode',
  'EncryptionOptions',
  'EngineType',
  'EngineVersion',
  'HostInstanceType',
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
 * Every rule about a CreateBroker of RabbitMQ whose name was checked.
 * @throws AwsError BadRequestException naming the member at fault
 */
export function parseNewRabbitmq(input: Input, brokerName: string, catalogue: EngineCatalogue): NewBroker {
  const deploymentMode = checkMode(input.DeploymentMode)
  checkNoLdap(input)
  refuseUnbuilt(input, BUILT)
  checkNoAudit(input.Logs?.Audit)
  const storage = (input.StorageType ?? 'EBS').toUpperCase()
  if (storage !== 'EBS') throw invalid('Storage type', input.StorageType ?? '', ['EBS'], 'storageType', 'RABBITMQ')
  return {
    brokerName,
    engineType: 'RabbitMQ',
    deploymentMode,
    engineVersion: rabbitmqVersion(input.EngineVersion, catalogue),
    hostInstanceType: rabbitmqInstanceType(input.HostInstanceType, deploymentMode, catalogue),
    storageType: 'ebs',
    autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    publiclyAccessible: input.PubliclyAccessible,
    subnetIds: checkSubnets(input.SubnetIds, deploymentMode),
    securityGroups: checkSecurityGroups(input.SecurityGroups),
    encryptionOptions: checkEncryptionOptions(input.EncryptionOptions),
    maintenanceWindow: input.MaintenanceWindowStartTime && checkMaintenanceWindow(input.MaintenanceWindowStartTime),
    tags: checkTags(input.Tags),
    users: checkAdministrator(input.Users),
    logs: { general: input.Logs?.General ?? false, audit: false },
  }
}

/** A pair is ActiveMQ's. */
const DEPLOYMENT_MODES = ['SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'] as const

function checkMode(mode: string): DeploymentMode {
  const found = DEPLOYMENT_MODES.find((known) => known === mode.toUpperCase())
  if (found !== undefined) return found
  throw invalid('Deployment mode', mode, DEPLOYMENT_MODES, 'deploymentMode', 'RABBITMQ')
}

/** @source Amazon MQ guide: mq.t3.micro "does not support cluster deployment" */
const SINGLE_ONLY = /^mq\.t3\./

/** The deployment modes that an instance type is good for. */
export const rabbitmqModesOn = (type: string): readonly DeploymentMode[] =>
  SINGLE_ONLY.test(type) ? ['SINGLE_INSTANCE'] : DEPLOYMENT_MODES

/** @source the model: audit "does not apply to RabbitMQ brokers" @throws AwsError BadRequestException */
export function checkNoAudit(audit: boolean | undefined): void {
  if (audit === true)
    throw mqErrors.badRequest('Audit logging does not apply to RabbitMQ brokers. Leave [audit] out.', 'logs.audit')
}

/** @source the model: LDAP metadata "does not apply to RabbitMQ brokers" @throws AwsError BadRequestException */
export function checkNoLdap(input: Pick<Input, 'AuthenticationStrategy' | 'LdapServerMetadata'>): void {
  if (input.AuthenticationStrategy?.toUpperCase() === 'LDAP') {
    throw mqErrors.badRequest(
      'Authentication strategy [LDAP] does not apply to RabbitMQ brokers. Leave [authenticationStrategy] out.',
      'authenticationStrategy',
    )
  }
  if (input.LdapServerMetadata !== undefined) {
    throw mqErrors.badRequest(
      'LDAP server metadata does not apply to RabbitMQ brokers. Leave [ldapServerMetadata] out.',
      'ldapServerMetadata',
    )
  }
}

/** The version that this machine has, if it is the one that is asked for. @throws AwsError BadRequestException */
export function rabbitmqVersion(requested: string | undefined, { rabbitmq }: EngineCatalogue): EngineVersion {
  const found = rabbitmq?.installed()
  if (found === undefined) {
    throw mqErrors.badRequest(
      'Broker engine type [RABBITMQ] needs RabbitMQ on the machine of the platform. Install the package rabbitmq-server there (Debian, Ubuntu: apt-get install rabbitmq-server).',
      'engineType',
    )
  }
  if (requested === undefined || requested === found.requested) return found
  throw invalid('Broker engine version', requested, [found.requested], 'engineVersion', 'RABBITMQ')
}

/** @throws AwsError BadRequestException with the list of types that are valid for the mode */
export function rabbitmqInstanceType(type: string, mode: DeploymentMode, { rabbitmq }: EngineCatalogue): string {
  const types = (rabbitmq?.instanceTypes ?? []).filter((each) => rabbitmqModesOn(each).includes(mode))
  if (types.includes(type)) return type
  throw invalid('Host instance type', type, types, 'hostInstanceType', 'RABBITMQ')
}

/** @source Amazon MQ guide: one administrator at creation, without a tilde, and not guest */
function checkAdministrator(users: Input['Users']): NewBroker['users'] {
  const checked = checkUsers(users)
  const [user] = checked
  if (user === undefined || checked.length > 1)
    throw mqErrors.badRequest('Specify exactly one user for engine type [RABBITMQ].', 'users')
  if (user.username.includes('~') || user.username === 'guest')
    throw mqErrors.badRequest(`Username [${user.username}] is invalid for engine type [RABBITMQ].`, 'username')
  return checked
}
