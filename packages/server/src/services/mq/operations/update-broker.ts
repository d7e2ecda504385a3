import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { STEADY } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { windowView } from '#services/mq/broker-view.ts'
import { mqErrors } from '#services/mq/errors.ts'
import {
  AUTHENTICATION_STRATEGY,
  checkAuthenticationStrategy,
  checkDataReplicationMode,
} from '#services/mq/rules/authentication.ts'
import { checkAutoMinorVersionUpgrade } from '#services/mq/rules/engine.ts'
import { checkMaintenanceWindow } from '#services/mq/rules/maintenance-window.ts'
import { refuseUnbuilt } from '#services/mq/rules/members.ts'
import { checkSecurityGroups } from '#services/mq/rules/network.ts'

type Input = OperationInput<'mq', 'UpdateBroker'>
type Output = OperationOutput<'mq', 'UpdateBroker'>

const BUILT: ReadonlySet<string> = new Set([
  'AuthenticationStrategy',
  'AutoMinorVersionUpgrade',
  'BrokerId',
  'DataReplicationMode',
  'EngineVersion',
  'HostInstanceType',
  'Logs',
  'MaintenanceWindowStartTime',
  'SecurityGroups',
])

/** Keeps what was asked for. Logs take effect at the next reboot, the rest of what can be changed at once. */
export const updateBroker =
  ({ store }: { readonly store: BrokerStore }): Handler<Input, Output> =>
  async (input, { account, region }) => {
    refuseUnbuilt(input, BUILT)
    checkAuthenticationStrategy(input.AuthenticationStrategy)
    checkDataReplicationMode(input.DataReplicationMode)
    const record = await store.change({ account, region, brokerId: input.BrokerId }, (broker) => {
      if (!STEADY.includes(broker.state)) throw mqErrors.wrongState(broker.brokerName, 'updated', broker.state)
      checkUnchanged(input, broker)
      return updated(broker, input)
    })
    if (record === undefined) throw mqErrors.brokerNotFound(input.BrokerId)
    return answer(record)
  }

// Terraform sends the version along with every change of the logs.
function checkUnchanged(input: Input, { desired }: BrokerRecord): void {
  const { requested, runs } = desired.engineVersion
  if (input.EngineVersion !== undefined && input.EngineVersion !== requested && input.EngineVersion !== runs) {
    throw mqErrors.notBuilt(
      'engineVersion',
      `A broker keeps the version it was created with; leave it out, or send [${requested}].`,
    )
  }
  if (input.HostInstanceType !== undefined && input.HostInstanceType !== desired.hostInstanceType) {
    throw mqErrors.notBuilt(
      'hostInstanceType',
      `A broker keeps the instance type it was created with; leave it out, or send [${desired.hostInstanceType}].`,
    )
  }
}

function updated(broker: BrokerRecord, input: Input): BrokerRecord {
  const { logs, engineVersion } = broker.desired
  return {
    ...broker,
    autoMinorVersionUpgrade: checkAutoMinorVersionUpgrade(
      input.AutoMinorVersionUpgrade ?? broker.autoMinorVersionUpgrade,
      engineVersion,
    ),
    ...(input.SecurityGroups === undefined ? {} : { securityGroups: checkSecurityGroups(input.SecurityGroups) }),
    ...(input.MaintenanceWindowStartTime === undefined
      ? {}
      : { maintenanceWindow: checkMaintenanceWindow(input.MaintenanceWindowStartTime) }),
    // A log that is not mentioned stays as it is.
    desired: {
      ...broker.desired,
      logs: { general: input.Logs?.General ?? logs.general, audit: input.Logs?.Audit ?? logs.audit },
    },
  }
}

// What will be, not what is.
const answer = (record: BrokerRecord): Output => ({
  BrokerId: record.brokerId,
  AuthenticationStrategy: AUTHENTICATION_STRATEGY,
  AutoMinorVersionUpgrade: record.autoMinorVersionUpgrade,
  EngineVersion: record.desired.engineVersion.runs,
  HostInstanceType: record.desired.hostInstanceType,
  Logs: { General: record.desired.logs.general, Audit: record.desired.logs.audit },
  MaintenanceWindowStartTime: windowView(record),
  SecurityGroups: record.securityGroups,
})
