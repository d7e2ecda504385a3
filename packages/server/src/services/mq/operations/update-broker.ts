import type { EngineVersion } from '#engines/broker-engine.ts'
import type { CallContext, Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import {
  type BrokerRecord,
  type BrokerSettings,
  type ConfigurationRef,
  type StoredLdap,
  engineTypeOf,
} from '#services/mq/broker-record.ts'
import { STEADY } from '#services/mq/broker-state.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import { brokerSealer } from '#services/mq/broker-passwords.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { configurationRefView, windowView } from '#services/mq/broker-view.ts'
import { type ConfigurationStore, idOf } from '#services/mq/configuration/configuration-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { type OneByOne, regionOf } from '#kernel/one-by-one.ts'
import { withDesired } from '#services/mq/pending.ts'
import {
  type AuthenticationStrategy,
  checkAuthenticationStrategy,
  checkDataReplicationMode,
  strategyOf,
} from '#services/mq/rules/authentication.ts'
import { checkLdap } from '#services/mq/rules/ldap.ts'
import { checkStrategy, chooseConfiguration } from '#services/mq/rules/configuration.ts'
import {
  type EngineCatalogue,
  checkAutoMinorVersionUpgrade,
  checkInstanceType,
  chooseEngineVersion,
  chooseStorageType,
} from '#services/mq/rules/engine.ts'
import { changeWindow } from '#services/mq/rules/maintenance-window.ts'
import { checkNoAudit, checkNoLdap, rabbitmqInstanceType, rabbitmqVersion } from '#services/mq/rules/new-rabbitmq.ts'
import { refuseUnbuilt } from '#services/mq/rules/members.ts'
import { checkSecurityGroups } from '#services/mq/rules/network.ts'
import { ldapView, storedLdap } from '#services/mq/stored-ldap.ts'

type Input = OperationInput<'mq', 'UpdateBroker'>
type Output = OperationOutput<'mq', 'UpdateBroker'>

const BUILT: ReadonlySet<string> = new Set([
  'AuthenticationStrategy',
  'AutoMinorVersionUpgrade',
  'BrokerId',
  'Configuration',
  'DataReplicationMode',
  'EngineVersion',
  'HostInstanceType',
  'LdapServerMetadata',
  'Logs',
  'MaintenanceWindowStartTime',
  'SecurityGroups',
])

interface UpdateBrokerDeps {
  readonly store: BrokerStore
  readonly configurations: ConfigurationStore
  readonly keys: BrokerKeys
  readonly catalogue: EngineCatalogue
  readonly oneByOne: OneByOne
}

/**
 * Keeps what was asked for. Configuration, version, instance type, logs and how clients log in take effect at the next reboot, security groups,
 * maintenance window and automatic upgrades at once.
 */
export const updateBroker =
  (deps: UpdateBrokerDeps): Handler<Input, Output> =>
  async (input, ctx) => {
    refuseUnbuilt(input, BUILT)
    checkAuthenticationStrategy(input.AuthenticationStrategy)
    checkDataReplicationMode(input.DataReplicationMode)
    const record = await deps.oneByOne.run(regionOf(ctx), () => update(input, ctx, deps))
    if (record === undefined) throw mqErrors.brokerNotFound(input.BrokerId)
    return answer(record)
  }

async function update(
  input: Input,
  { account, region, now }: CallContext,
  { store, configurations, keys, catalogue }: UpdateBrokerDeps,
): Promise<BrokerRecord | undefined> {
  const ref = { account, region, brokerId: input.BrokerId }
  const known = await store.get(ref)
  if (known === undefined) return undefined
  if (engineTypeOf(known) === 'RabbitMQ') checkNoLdap(input)
  const strategy = checkAuthenticationStrategy(input.AuthenticationStrategy) ?? strategyOf(known.desired)
  const configuration = await configurationFor(input, known, strategy, configurations)
  const given = checkLdap(strategy, input.LdapServerMetadata, { known: known.desired.ldap !== undefined })
  const sealed = given && storedLdap(given, known.brokerId, await brokerSealer(keys, known))
  return store.change(ref, (broker) => {
    if (!STEADY.includes(broker.state)) throw mqErrors.wrongState(broker.brokerName, 'updated', broker.state)
    const isRabbit = engineTypeOf(broker) === 'RabbitMQ'
    if (isRabbit) checkRabbitmqUpdate(input)
    const { ldap, ...desired } = broker.desired
    const wanted = {
      ...desired,
      ...(isRabbit ? changedRabbitmq : changedEngine)(input, broker, catalogue),
      ...(configuration === undefined ? {} : { configuration }),
      // A log that is not mentioned stays as it is.
      logs: { general: input.Logs?.General ?? desired.logs.general, audit: input.Logs?.Audit ?? desired.logs.audit },
      ...directory(sealed ?? ldap, strategy),
    }
    return { ...withDesired(broker, wanted, now), ...atOnce(input, broker, wanted.engineVersion, now) }
  })
}

/** The configuration that is wanted from now on; missing: the same as before, which must fit the strategy as well. */
async function configurationFor(
  { Configuration: asked }: Input,
  broker: BrokerRecord,
  strategy: AuthenticationStrategy,
  configurations: ConfigurationStore,
): Promise<ConfigurationRef | undefined> {
  if (asked !== undefined) return chooseConfiguration(asked, broker, configurations, strategy)
  const { configuration } = broker.desired
  const kept = configuration && (await configurations.get(idOf(broker, configuration)))
  if (kept !== undefined) checkStrategy(kept, strategy)
  return undefined
}

const directory = (ldap: StoredLdap | undefined, strategy: AuthenticationStrategy): Pick<BrokerSettings, 'ldap'> =>
  ldap === undefined || strategy === 'simple' ? {} : { ldap }

function changedEngine(
  input: Input,
  { desired, storageType, deploymentMode }: BrokerRecord,
  catalogue: EngineCatalogue,
): Pick<BrokerSettings, 'engineVersion' | 'hostInstanceType'> {
  const { EngineVersion: version, HostInstanceType: type } = input
  // DescribeBroker answers the full version, and scripts send back what they read.
  const isKept = version === undefined || version === desired.engineVersion.runs
  const hostInstanceType = type === undefined ? desired.hostInstanceType : checkInstanceType(type, catalogue)
  chooseStorageType(storageType, hostInstanceType, deploymentMode)
  return { engineVersion: isKept ? desired.engineVersion : chooseEngineVersion(version, catalogue), hostInstanceType }
}

/** @throws AwsError BadRequestException for what a broker of RabbitMQ has not */
function checkRabbitmqUpdate(input: Input): void {
  checkNoAudit(input.Logs?.Audit)
  if (input.Configuration !== undefined)
    throw mqErrors.notBuilt('configuration', 'Leave it out: configurations of RabbitMQ are not built.')
}

function changedRabbitmq(
  { EngineVersion: version, HostInstanceType: type }: Input,
  { desired, deploymentMode }: BrokerRecord,
  catalogue: EngineCatalogue,
): Pick<BrokerSettings, 'engineVersion' | 'hostInstanceType'> {
  const isKept = version === undefined || version === desired.engineVersion.runs
  return {
    engineVersion: isKept ? desired.engineVersion : rabbitmqVersion(version, catalogue),
    hostInstanceType:
      type === undefined ? desired.hostInstanceType : rabbitmqInstanceType(type, deploymentMode, catalogue),
  }
}

const atOnce = (
  input: Input,
  broker: BrokerRecord,
  engineVersion: EngineVersion,
  now: EpochMillis,
): Partial<BrokerRecord> => ({
  autoMinorVersionUpgrade:
    engineTypeOf(broker) === 'RabbitMQ'
      ? (input.AutoMinorVersionUpgrade ?? broker.autoMinorVersionUpgrade)
      : checkAutoMinorVersionUpgrade(input.AutoMinorVersionUpgrade ?? broker.autoMinorVersionUpgrade, engineVersion),
  ...(input.SecurityGroups === undefined ? {} : { securityGroups: checkSecurityGroups(input.SecurityGroups) }),
  ...(input.MaintenanceWindowStartTime === undefined
    ? {}
    : changeWindow(broker, input.MaintenanceWindowStartTime, now)),
})

// What will be, not what is.
const answer = (record: BrokerRecord): Output => ({
  BrokerId: record.brokerId,
  AuthenticationStrategy: strategyOf(record.desired),
  ...(record.desired.ldap === undefined ? {} : { LdapServerMetadata: ldapView(record.desired.ldap) }),
  AutoMinorVersionUpgrade: record.autoMinorVersionUpgrade,
  ...(record.desired.configuration === undefined
    ? {}
    : { Configuration: configurationRefView(record.desired.configuration) }),
  EngineVersion: record.desired.engineVersion.runs,
  HostInstanceType: record.desired.hostInstanceType,
  Logs: { General: record.desired.logs.general, Audit: record.desired.logs.audit },
  MaintenanceWindowStartTime: windowView(record),
  SecurityGroups: record.securityGroups,
})
