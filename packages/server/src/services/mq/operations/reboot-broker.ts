import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { STEADY, inState } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { createLogGroups, withAttempts } from '#services/mq/log-groups.ts'

/**
 * Creates missing log groups as the caller, then flips the state before it answers, so that whoever waits for RUNNING
 * never sees the one from before. The reconciler reboots and applies what is pending. A broker whose key cannot be used
 * is not rebooted: it could not start again.
 */
export const rebootBroker =
  ({
    store,
    keys,
  }: {
    readonly store: BrokerStore
    readonly keys: BrokerKeys
  }): Handler<OperationInput<'mq', 'RebootBroker'>, OperationOutput<'mq', 'RebootBroker'>> =>
  async ({ BrokerId: brokerId }, ctx) => {
    const ref = { account: ctx.account, region: ctx.region, brokerId }
    const found = await store.get(ref)
    if (found === undefined) throw mqErrors.brokerNotFound(brokerId)
    checkState(found)
    const trouble = await keys.trouble(found)
    if (trouble !== undefined) throw mqErrors.keyUnusable(found.brokerName, 'rebooted', trouble)
    const attempts = await createLogGroups(ctx, brokerId, found.desired.logs, 'RebootBroker')
    const changed = await store.change(ref, (record) => {
      checkState(record)
      return { ...inState(record, 'REBOOT_IN_PROGRESS', ctx.now), logGroups: withAttempts(record.logGroups, attempts) }
    })
    if (changed === undefined) throw mqErrors.brokerNotFound(brokerId)
    return {}
  }

function checkState(record: BrokerRecord): void {
  if (!STEADY.includes(record.state)) throw mqErrors.wrongState(record.brokerName, 'rebooted', record.state)
}
