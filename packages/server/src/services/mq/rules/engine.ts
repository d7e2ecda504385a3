import type { EngineVersion } from '#engines/broker-engine.ts'
import type { DeploymentMode, EngineType } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'

/** What can be run here; the first version is the default. */
export interface EngineCatalogue {
  readonly engineVersions: readonly EngineVersion[]
  /** e.g. `mq.m5.large`. */
  readonly instanceTypes: readonly string[]
  /** Left out: nobody can have RabbitMQ. */
  readonly rabbitmq?: {
    readonly installed: () => EngineVersion | undefined
    readonly instanceTypes: readonly string[]
  }
}

/** The deployment modes of ActiveMQ; a cluster is RabbitMQ's. */
const DEPLOYMENT_MODES = ['SINGLE_INSTANCE', 'ACTIVE_STANDBY_MULTI_AZ'] as const
/** Instance families that take EBS storage. @source Amazon MQ developer guide, storage */
const EBS_FAMILY = /^mq\.m5\./

/** What a member may be for an engine, in AWS's words. */
export const invalid = (
  what: string,
  value: string,
  valid: readonly string[],
  attribute: string,
  engine = 'ACTIVEMQ',
): Error =>
  mqErrors.badRequest(
    `${what} [${value.slice(0, 100)}] is invalid for broker engine type [${engine}]. Valid values: [${valid.join(', ')}].`,
    attribute,
  )

/** Accepts any case, as AWS does. @throws AwsError BadRequestException */
export function checkEngineType(type: string): EngineType {
  const wanted = type.toUpperCase()
  if (wanted === 'ACTIVEMQ') return 'ActiveMQ'
  if (wanted === 'RABBITMQ') return 'RabbitMQ'
  throw mqErrors.badRequest(
    `Broker engine type [${type.slice(0, 100)}] is invalid. Valid values: [ACTIVEMQ, RABBITMQ].`,
    'engineType',
  )
}

/** @throws AwsError BadRequestException */
export function checkDeploymentMode(mode: string): DeploymentMode {
  const found = DEPLOYMENT_MODES.find((known) => known === mode.toUpperCase())
  if (found !== undefined) return found
  throw invalid('Deployment mode', mode, DEPLOYMENT_MODES, 'deploymentMode')
}

/** Which deployment modes a kind of storage allows: a pair shares its store, which EBS cannot be. */
export const deploymentModesOn = (storage: string): readonly DeploymentMode[] =>
  storage === 'EBS' ? ['SINGLE_INSTANCE'] : DEPLOYMENT_MODES

/**
 * The version behind what a request says; the default when it says nothing.
 * @throws AwsError BadRequestException with the list of valid versions, in AWS's words
 */
export function chooseEngineVersion(requested: string | undefined, { engineVersions }: EngineCatalogue): EngineVersion {
  const chosen =
    requested === undefined ? engineVersions[0] : engineVersions.find((version) => version.requested === requested)
  if (chosen !== undefined) return chosen
  throw invalid(
    'Broker engine version',
    requested ?? '',
    engineVersions.map((version) => version.requested),
    'engineVersion',
  )
}

/** @throws AwsError BadRequestException with the list of valid types */
export function checkInstanceType(type: string, { instanceTypes }: EngineCatalogue): string {
  if (instanceTypes.includes(type)) return type
  throw invalid('Host instance type', type, instanceTypes, 'hostInstanceType')
}

/** Whether brokers of this instance type may use EBS storage. */
export const takesEbs = (instanceType: string): boolean => EBS_FAMILY.test(instanceType)

/** In AWS's spelling, which is lower case; EFS when nothing was asked for. @throws AwsError BadRequestException */
export function chooseStorageType(
  requested: string | undefined,
  instanceType: string,
  mode: DeploymentMode,
): 'efs' | 'ebs' {
  const wanted = (requested ?? 'efs').toLowerCase()
  if (wanted === 'efs') return 'efs'
  if (wanted !== 'ebs') throw invalid('Storage type', requested ?? '', ['EBS', 'EFS'], 'storageType')
  if (!deploymentModesOn('EBS').includes(mode)) {
    throw mqErrors.badRequest(
      `Storage type [EBS] is not supported for deployment mode [${mode}]. Use storage type [EFS].`,
      'storageType',
    )
  }
  if (takesEbs(instanceType)) return 'ebs'
  throw mqErrors.badRequest(
    `Storage type [EBS] is not supported for host instance type [${instanceType}]. Use an mq.m5 instance type, or storage type [EFS].`,
    'storageType',
  )
}

/**
 * True unless the caller says otherwise; from 5.18 on it must be true.
 * @throws AwsError BadRequestException
 */
export function checkAutoMinorVersionUpgrade(wanted: boolean | undefined, version: EngineVersion): boolean {
  if (wanted !== false || !isAtLeast518(version.requested)) return wanted ?? true
  throw mqErrors.badRequest(
    `Brokers on [ActiveMQ] version [${version.requested}] must have [autoMinorVersionUpgrade] set to [true].`,
    'autoMinorVersionUpgrade',
  )
}

function isAtLeast518(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 5 || (major === 5 && minor >= 18)
}
